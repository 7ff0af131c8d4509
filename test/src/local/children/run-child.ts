import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  process: ChildProcessWithoutNullStreams;
  lines: Interface;
  /** Until it has ended by itself: its output. Throws where it failed. */
  output(): Promise<string[]>;
}

/** A process of its own that runs a script of this folder. It ends with the test at the latest. */
export function startChild(script: string, args: string[], limits = "true"): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const command = `${limits}; exec "$0" "$@"`;
  const child = spawn("bash", ["-c", command, process.execPath, path, ...args]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface(child.stdout);
  const all: string[] = [];
  lines.on("line", (line) => all.push(line));
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const closed = once(child, "close");
  const output = async () => {
    const [code] = await closed;
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${errors}`);
    return all;
  };
  return { process: child, lines, output };
}
