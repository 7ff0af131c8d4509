import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

export interface WorkerProcess {
  /** Its log so far. */
  lines: Record<string, unknown>[];
  /** Resolves to the line of this event, once it is logged. */
  logged(event: string): Promise<Record<string, unknown>>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** No event takes so long; its absence is to be told by name. */
const LONGEST_WAIT_MS = 100_000;

/** Start the container's command in the image's folder. */
export function startWorker(
  folder: string,
  command: readonly string[],
  environment: Record<string, string>,
): WorkerProcess {
  const [program, ...args] = command;
  // The image's node is the one that runs these tests.
  const child: ChildProcess = spawn(program === "node" ? process.execPath : program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...environment },
  });
  onTestFinished(async () => {
    await kill("SIGKILL");
  });
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  // Warnings and errors come by the second one.
  for (const input of [child.stdout!, child.stderr!])
    createInterface({ input }).on("line", (line) => {
      lines.push(line.startsWith("{") ? JSON.parse(line) : { message: line });
      for (const look of waiting) look();
    });
  const exited = once(child, "exit").then(([code]) => {
    for (const look of waiting) look();
    return code as number | null;
  });
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return exited;
  };
  const logged = (event: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = () => {
        const line = lines.find(({ message }) => message === event);
        if (line) resolve(line);
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`The worker ended before ${event}: ${JSON.stringify(lines.at(-1))}`));
        else return;
        waiting.delete(look);
        clearTimeout(patience);
      };
      const tail = () => lines.slice(-5).map((line) => JSON.stringify(line));
      const patience = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`The worker has not logged ${event}. Its last lines:\n${tail().join("\n")}`));
      }, LONGEST_WAIT_MS);
      waiting.add(look);
      look();
    });
  return { lines, logged, kill };
}
