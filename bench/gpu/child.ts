import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/**
 * What a script of this folder prints, given this as its argument: in a process of its own, as a driver may take one along.
 * Throws where it prints nothing, within `limit` seconds if there is one.
 */
export async function runChild<Result>(script: string, argument: object, limit?: number): Promise<Result> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, JSON.stringify(argument)], {
    stdio: ["ignore", "pipe", "inherit"],
    ...(limit !== undefined && { timeout: limit * 1000, killSignal: "SIGKILL" }),
  });
  const exited = once(child, "exit");
  const output = await text(child.stdout);
  const [code, signal] = await exited;
  if (output.trim() === "") throw new Error(`${script} ended with ${signal ?? code} and printed nothing`);
  return JSON.parse(output) as Result;
}
