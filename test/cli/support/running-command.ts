import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";

const LAUNCHER = fileURLToPath(new URL("../../../bin/scriptorium.mjs", import.meta.url));

/** The command in a process of its own, as installed. Killed when the test ends. */
export class RunningCommand {
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [LAUNCHER, ...args]);
    this.#child.stdout?.on("data", (data: Buffer) => (this.stdout += data));
    this.#child.stderr?.on("data", (data: Buffer) => (this.stderr += data));
    this.#closed = once(this.#child, "close");
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** What a pattern finds on standard error, once it is there. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return vi.waitUntil(() => pattern.exec(this.stderr) ?? false, { timeout: 100_000 });
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  async exitCode(): Promise<number | null> {
    const [code] = await this.#closed;
    return code as number | null;
  }
}
