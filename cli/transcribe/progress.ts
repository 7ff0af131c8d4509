import type { ModelFacts, Progress } from "../../src/asr/index.ts";
import type { Transcript } from "../../src/formats/index.ts";
import { Bar } from "../bar.ts";
import { clock } from "../readable.ts";
import { isInteractive, type Terminal } from "../terminal.ts";

/** What a user sees on standard error while the work goes on. */
export interface ProgressDisplay {
  started(model: ModelFacts): void;
  update(file: string, progress: Progress): void;
  completed(file: string, transcript: Transcript): void;
  failed(file: string, code: string, message: string): void;
  /** Write something to standard output, which may be the same terminal. */
  aside(write: () => Promise<void>): Promise<void>;
  stop(): void;
}

/** Seconds of audio between two plain lines about the same recording. */
const PLAIN_STEP = 600;

/** A bar on a terminal, plain lines elsewhere, errors and warnings only when quiet. */
export function makeProgress(terminal: Terminal, files: number, quiet: boolean): ProgressDisplay {
  const say = (line: string) => void terminal.stderr.write(`${line}\n`);
  if (quiet) return quietDisplay(say);
  return isInteractive(terminal.stderr) ? barDisplay(terminal.stderr, files) : plainDisplay(say, files);
}

function quietDisplay(say: (line: string) => void): ProgressDisplay {
  return {
    started() {},
    update() {},
    completed: (file, transcript) => warnings(file, transcript).forEach(say),
    failed: (file, code, message) => say(`${file}: ${code}: ${message}`),
    aside: (write) => write(),
    stop() {},
  };
}

function plainDisplay(say: (line: string) => void, files: number): ProgressDisplay {
  const lastSaid = new Map<string, number>();
  let finished = 0;
  const counter = () => (files > 1 ? `[${++finished}/${files}] ` : "");
  return {
    ...quietDisplay(say),
    started: ({ name, version, device }) => say(`model ${name} ${version} on ${device}`),
    update(file, { done, total }) {
      if (done - (lastSaid.get(file) ?? 0) < PLAIN_STEP) return;
      lastSaid.set(file, done);
      say(`${file}: ${clock(done)}${total === null ? "" : ` of ${clock(total)}`}`);
    },
    completed(file, transcript) {
      say(`${counter()}${file}: ${summary(transcript)}`);
      for (const line of warnings(file, transcript)) say(line);
    },
    failed: (file, code, message) => say(`${counter()}${file}: ${code}: ${message}`),
  };
}

function barDisplay(stream: NodeJS.WritableStream, files: number): ProgressDisplay {
  const bar = new Bar(
    stream,
    "{bar} {percentage}% | {done} of {length} | {finished}/{files} files | {left} left",
  );
  const known = new Map<string, Progress>();
  const started = performance.now();
  let [finished, failed] = [0, 0];
  const draw = () => {
    const all = [...known.values()];
    const done = sum(all.map((progress) => progress.done));
    // Recordings not opened yet are taken to be as long as the average of the others.
    const average = sum(all.map(({ done: read, total }) => total ?? read)) / Math.max(1, all.length);
    const length = Math.max(done, average * files);
    const left = done > 0 ? clock((elapsed(started) * (length - done)) / done) : "…";
    bar.update(Math.max(length, 1), done, {
      done: clock(done),
      length: all.length > 0 ? clock(length) : "…",
      finished,
      files,
      left,
    });
  };
  const above = (lines: string[]) => {
    bar.above(stream, lines);
    draw();
  };
  return {
    started: draw,
    update(file, progress) {
      known.set(file, progress);
      draw();
    },
    completed(file, transcript) {
      finished++;
      above(warnings(file, transcript));
    },
    failed(file, code, message) {
      failed++;
      known.set(file, { done: 0, total: 0 });
      above([`${file}: ${code}: ${message}`]);
    },
    aside: (write) => bar.aside(write),
    stop() {
      bar.stop();
      const audio = clock(sum([...known.values()].map(({ done }) => done)));
      const failures = failed > 0 ? `, ${failed} failed` : "";
      stream.write(
        `${finished} of ${files} transcribed${failures}: ${audio} of audio in ${elapsed(started).toFixed(1)} s\n`,
      );
    },
  };
}

/** Seconds since a moment of the process's own clock. */
function elapsed(since: number): number {
  return (performance.now() - since) / 1000;
}

function warnings(file: string, transcript: Transcript): string[] {
  return (transcript.warnings ?? []).map(({ code, message }) => `${file}: warning: ${code}: ${message}`);
}

function summary({ audio, timing, segments }: Transcript): string {
  const count = segments.length === 1 ? "1 segment" : `${segments.length} segments`;
  return `${audio.duration.toFixed(1)} s of audio, ${count}, RTF ${timing.rtf.toFixed(4)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
