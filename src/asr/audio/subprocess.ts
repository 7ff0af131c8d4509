import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
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
  onStderr(text: string): void;
}

/** Start a tool without a shell and without stdin; an abort of the signal kills it. */
export function startSubprocess(binary: string, args: string[], options: SubprocessOptions): Subprocess {
  const child = spawn(binary, args, {
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    ...(options.environment === undefined ? {} : { env: options.environment }),
  });
  let killed = false;
  const kill = () => {
    killed = true;
    child.kill("SIGKILL");
    // A wrapper script's own child may still hold the pipes; do not wait for it.
    child.stdout.destroy();
    child.stderr.destroy();
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
  child.stderr.setEncoding("utf8").on("data", (text: string) => options.onStderr(text));
  child.stderr.on("error", () => {});
  child.stdout.on("error", () => {});
  options.signal.addEventListener("abort", kill, { once: true });
  if (options.signal.aborted) kill();
  return {
    stdout: child.stdout,
    ended,
    get killed() {
      return killed;
    },
    kill,
  };
}
