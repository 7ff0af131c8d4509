import type { AudioReader } from "../../src/asr/audio/types.ts";

/** Read a recording to its end and close it: samples of its first channel, and the most by which RSS grew, in bytes. */
export async function readWatchingMemory(reader: AudioReader): Promise<{ samples: number; most: number }> {
  const before = process.memoryUsage().rss;
  let [samples, most] = [0, 0];
  for await (const [chunk] of reader.chunks()) {
    samples += chunk!.length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  await reader.close();
  return { samples, most };
}
