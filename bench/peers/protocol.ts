import { createInterface } from "node:readline";

/** Audio to turn into text: a 16 kHz mono WAV file, or a part of one in seconds. */
export interface Part {
  path: string;
  start?: number;
  end?: number;
}

/** What a contestant says once its model is loaded. */
export interface Ready {
  versions: string;
}

/** One pass over the parts, reading the files included, loading the model not. */
export interface Pass {
  seconds: number;
  /** Of all its threads, children not counted. */
  cpu_seconds: number;
  /** Of the parts, in their order. */
  texts: string[];
  /** Milliseconds, where a contestant can tell. */
  stages?: Record<string, number>;
  /** The segments of whole recordings in order, where a contestant finds them itself. */
  cuts?: Part[];
  /** Texts of CTC greedy search over the same encoder output, made after the clock has stopped. */
  greedy?: string[];
}

/** Runs `work`; the clock and the processor time of this process. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; cpu_seconds: number }> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { result, seconds, cpu_seconds: (user + system) / 1e6 };
}

/** A contestant's main loop: one request a line on stdin, one answer a line on stdout. */
export async function serve(ready: Ready, run: (parts: Part[]) => Promise<Pass>): Promise<void> {
  const answer = (content: Ready | Pass) => process.stdout.write(`${JSON.stringify(content)}\n`);
  answer(ready);
  for await (const line of createInterface({ input: process.stdin })) {
    const { parts }: { parts: Part[] } = JSON.parse(line);
    answer(await run(parts));
  }
}
