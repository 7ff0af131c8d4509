import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a card took while something ran on it. */
export interface CardUse {
  /** The most, of everything on the card. */
  memoryMiB: number;
  meanWatts: number | null;
}

const FIELDS = ["--query-gpu=memory.used,power.draw", "--format=csv,noheader,nounits", "-lms", "200"];

/** Run `work` and watch the card; null where no nvidia-smi tells of one. */
export async function watching<Result>(
  work: () => Promise<Result>,
  command = "nvidia-smi",
): Promise<{ result: Result; use: CardUse | null }> {
  const lines: string[] = [];
  const watcher = spawn(command, FIELDS, { stdio: ["ignore", "pipe", "ignore"] });
  watcher.on("error", () => {});
  createInterface({ input: watcher.stdout }).on("line", (line) => lines.push(line));
  try {
    const result = await work();
    return { result, use: summarise(lines) };
  } finally {
    watcher.kill();
  }
}

/** Lines of `memory, watts`; a card may not tell its watts. */
export function summarise(lines: readonly string[]): CardUse | null {
  const rows = lines.map((line) => line.split(",").map(Number)).filter(([memory]) => memory > 0);
  if (rows.length === 0) return null;
  const watts = rows.map(([, value]) => value).filter((value) => value > 0);
  const sum = watts.reduce((total, value) => total + value, 0);
  return {
    memoryMiB: Math.max(...rows.map(([memory]) => memory)),
    meanWatts: watts.length > 0 ? sum / watts.length : null,
  };
}
