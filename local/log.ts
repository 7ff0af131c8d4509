import type { Clock, Log } from "../src/jobs/ports/index.ts";

type Level = "info" | "warn" | "error";
type Fields = Record<string, unknown>;

/** One JSON object per line: time, level, event, and the event's own fields. */
export function jsonLog(stream: NodeJS.WritableStream, clock: Clock): Log {
  return makeLog((level, event, fields) => {
    const time = new Date(clock.now()).toISOString();
    stream.write(`${JSON.stringify({ time, level, event, ...fields })}\n`);
  });
}

/** The same for people: the time of day, the event, what it is about. */
export function readableLog(stream: NodeJS.WritableStream, clock: Clock): Log {
  return makeLog((level, event, fields) => {
    const time = new Date(clock.now()).toTimeString().slice(0, 8);
    const mark = level === "info" ? "" : `${level}: `;
    const rest = Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${name}=${typeof value === "string" ? quote(value) : JSON.stringify(value)}`);
    stream.write(`${[time, `${mark}${event}`, ...rest].join("  ")}\n`);
  });
}

/** Nothing, for tests and for commands that report by themselves. */
export const silentLog: Log = makeLog(() => {});

function makeLog(write: (level: Level, event: string, fields: Fields) => void): Log {
  return {
    info: (event, fields = {}) => write("info", event, fields),
    warn: (event, fields = {}) => write("warn", event, fields),
    error: (event, fields = {}) => write("error", event, fields),
  };
}

function quote(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text);
}
