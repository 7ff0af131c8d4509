import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** An NVIDIA card, as its driver tells of it. */
export interface Card {
  name: string;
  driver: string;
  totalBytes: number;
  /** What no other process has taken. */
  freeBytes: number;
}

const MEBIBYTE = 1024 ** 2;
const QUERY = ["--query-gpu=name,driver_version,memory.total,memory.free", "--format=csv,noheader,nounits"];
const PATIENCE_MS = 20_000;

/** The first card that this process may see; null where there is none, or no nvidia-smi to ask. */
export async function readCard(ask: () => Promise<string> = askNvidiaSmi): Promise<Card | null> {
  return parseCard(await ask().catch(() => ""));
}

function parseCard(text: string): Card | null {
  const [name, driver, total, free] = text
    .split("\n")[0]
    .split(",")
    .map((field) => field.trim());
  const [totalBytes, freeBytes] = [Number(total) * MEBIBYTE, Number(free) * MEBIBYTE];
  return name && totalBytes > 0 && freeBytes > 0 ? { name, driver, totalBytes, freeBytes } : null;
}

async function askNvidiaSmi(): Promise<string> {
  const { stdout } = await promisify(execFile)("nvidia-smi", QUERY, { timeout: PATIENCE_MS });
  return stdout;
}
