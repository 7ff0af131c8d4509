import { describe, expect, it } from "vitest";
import { DEFAULT_OPTIONS, type TranscriptionOptions } from "../../../../src/jobs/transcription.ts";
import { doneKey } from "../../../../src/jobs/work/done-key.ts";

const key = (options: Partial<TranscriptionOptions>) =>
  doneKey(
    {
      owner: "ann",
      source: { bucket: "tapes", key: "a.wav" },
      sourceEtag: "e",
      options: { ...DEFAULT_OPTIONS, ...options },
    },
    { name: "m", version: "1" },
  );

describe("what counts as done", () => {
  it("is the same where an option says what is so anyway", async () => {
    const plain = await key({});
    expect(await key({ formatText: true, punctuate: true, numerals: true, replace: [] })).toBe(plain);
    expect(await key({ formatText: false, punctuate: false })).toBe(await key({ formatText: false }));
  });

  it("is another thing for each way of writing", async () => {
    const ways: Partial<TranscriptionOptions>[] = [
      {},
      { formatText: false },
      { formatText: false, numerals: true },
      { punctuate: false },
      { numerals: false },
      { replace: [{ find: "a", with: "b" }] },
      { replace: [{ find: "a", with: "c" }] },
    ];
    expect(new Set(await Promise.all(ways.map(key))).size).toBe(ways.length);
  });
});
