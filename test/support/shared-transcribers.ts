import { afterAll, beforeAll, vi } from "vitest";
import { Transcriber } from "../../src/asr/index.ts";

/** In this file what would load a pack again gets the engine that is there, and closing it waits for the end of the file. */
export function shareTranscribers(): void {
  const loaded = new Map<string, Promise<Transcriber>>();
  const close = Transcriber.prototype.close;
  beforeAll(() => {
    const load = Transcriber.load.bind(Transcriber);
    vi.spyOn(Transcriber, "load").mockImplementation((...args) => {
      const key = JSON.stringify(args);
      const transcriber = loaded.get(key) ?? load(...args);
      loaded.set(key, transcriber);
      return transcriber;
    });
    vi.spyOn(Transcriber.prototype, "close").mockResolvedValue();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    for (const transcriber of await Promise.allSettled(loaded.values()))
      if (transcriber.status === "fulfilled") await close.call(transcriber.value);
  });
}
