import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Part, Pass, Ready } from "./protocol.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STDERR_CHARACTERS = 2000;

/** How a contestant is started, and exactly what it does. */
export interface Entry {
  name: string;
  command: readonly string[];
  findsSegments: boolean;
  /** Whether it runs our model, so that its texts can be compared letter for letter. */
  sameModel: boolean;
  /** How to get what it needs, where that is not part of the project's. */
  install?: string;
  facts: {
    precision: string;
    search: string;
    rescoring: string;
    parallel: string;
    batch: string;
  };
}

/** A contestant in a process of its own, idle between its passes, so that none shares its runtime with another. */
export class Contestant {
  readonly entry: Entry;
  readonly versions: string;
  readonly #child: ChildProcess;
  readonly #answer: () => Promise<string>;

  private constructor(entry: Entry, child: ChildProcess, answer: () => Promise<string>, ready: Ready) {
    this.entry = entry;
    this.versions = ready.versions;
    this.#child = child;
    this.#answer = answer;
  }

  /** Start the process and load its model. Throws with the end of its stderr where it fails. */
  static async start(entry: Entry): Promise<Contestant> {
    const [file, ...args] = entry.command;
    const child = spawn(file, args, { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
    const answer = answers(entry.name, child);
    return new Contestant(entry, child, answer, JSON.parse(await answer()));
  }

  /** Whole recordings are its matter; the others take the segments they are given. */
  get findsSegments(): boolean {
    return this.entry.findsSegments;
  }

  async run(parts: readonly Part[]): Promise<Pass> {
    this.#child.stdin?.write(`${JSON.stringify({ parts })}\n`);
    return JSON.parse(await this.#answer());
  }

  /** Ends the process; waits until it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await gone;
  }
}

/** The next line of the child's stdout; rejects where the child ends instead. */
function answers(name: string, child: ChildProcess): () => Promise<string> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`${name}: ${error.message}`)));
    child.once("close", (status) => reject(new Error(`${name} ended with status ${status}.\n${stderr}`)));
  });
  // Met where an answer is awaited; the end of a child that was closed is no failure.
  failed.catch(() => undefined);
  return async () => {
    const next = await Promise.race([lines.next(), failed]);
    return next.done ? failed : next.value;
  };
}
