import { spawn } from "node:child_process";
import { Readable, type Writable } from "node:stream";
import { toolMissing } from "./tools.ts";

/** How a subprocess came to its end. */
export interface Ending {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** A running tool whose output is read under back-pressure. */
export interface Subprocess {
  readonly stdout: Readable;
  /** Settles once the process is reaped and its pipes are shut; rejects with ffmpeg_missing when it never started. */
  readonly ended: Promise<Ending>;
  /** True once `kill` was called. */
  readonly killed: boolean;
  kill(): void;
}

export interface SubprocessOptions {
  environment: Record<string, string> | undefined;
  signal: AbortSignal;
  /** What it reads from its stdin, as fast as it asks for it; nothing by default. */
  input?: AsyncIterable<Uint8Array> | undefined;
  onStderr(text: string): void;
}

/** Start a tool without a shell; an abort of the signal kills it. */
export function startSubprocess(binary: string, args: string[], options: SubprocessOptions): Subprocess {
  const child = spawn(binary, args, {
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    windowsHide: true,
    ...(options.environment === undefined ? {} : { env: options.environment }),
  });
  if (child.stdout === null || child.stderr === null) throw new Error("a pipe was asked for");
  const { stdout, stderr } = child;
  if (child.stdin && options.input) feed(child.stdin, options.input);
  let killed = false;
  const kill = () => {
    killed = true;
    child.kill("SIGKILL");
    child.stdin?.destroy();
    // A wrapper script's own child may still hold the pipes; do not wait for it.
    stdout.destroy();
    stderr.destroy();
  };
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once("error", (error) => {
      // "error" also reports a failed kill, which does not mean that the tool is missing.
      if (child.pid === undefined) reject(toolMissing(binary, error));
    });
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  }).finally(() => options.signal.removeEventListener("abort", kill));
  // Whoever waits for the end gets the error; nobody waiting must not bring the process down.
  ended.catch(() => {});
  stderr.setEncoding("utf8").on("data", (text: string) => options.onStderr(text));
  stderr.on("error", () => {});
  stdout.on("error", () => {});
  options.signal.addEventListener("abort", kill, { once: true });
  if (options.signal.aborted) kill();
  return {
    stdout,
    ended,
    get killed() {
      return killed;
    },
    kill,
  };
}

/** A tool that ends before it has read everything, or is killed, breaks the pipe, which is no news. */
function feed(stdin: Writable, input: AsyncIterable<Uint8Array>): void {
  const source = Readable.from(input, { objectMode: false });
  stdin.on("error", () => source.destroy());
  stdin.on("close", () => source.destroy());
  // A file that cannot be read on ends the sound there; the reader's own reading of it tells why.
  source.on("error", () => stdin.end());
  source.pipe(stdin);
}
