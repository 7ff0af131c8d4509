import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ClipThreads } from "../../../../../src/asr/audio/short/clip-threads.ts";
import { temporaryFolder } from "../../../../support/temporary-folder.ts";

/** A thread that does as the name of the file says, in place of the one that decodes. */
const THREAD = `
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ path }) => {
  if (path === "hangs") for (;;);
  if (path === "throws") throw new Error("broken");
  if (path === "fills") { const all = []; for (;;) all.push({ number: all.length }); }
  parentPort.postMessage({ channels: [], sha256: path });
});`;

const WILLING = new AbortController().signal;

describe("the threads that decode clips", () => {
  it.each(["hangs", "throws", "fills"])("survive a recording that %s", async (path) => {
    const threads = await threadsOf(THREAD);
    const request = (name: string) =>
      ({ path: name, size: 1, codec: "flac", start: 0, channels: 1, maxSeconds: 1 }) as const;
    const bad = threads.decode(request(path), path === "hangs" ? 0.2 : 60, WILLING);
    const next = threads.decode(request("good"), 60, WILLING);
    expect(await bad).toBeNull();
    expect(await next).toEqual({ channels: [], sha256: "good" });
    const unwanted = threads.decode(request("unwanted"), 60, AbortSignal.abort());
    expect(await unwanted).toBeNull();
  });
});

async function threadsOf(source: string): Promise<ClipThreads> {
  const module = join(await temporaryFolder(), "thread.mjs");
  await writeFile(module, source);
  return new ClipThreads(pathToFileURL(module), 1);
}
