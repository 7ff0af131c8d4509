import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { longRecording } from "../../infra/smoke/recordings.ts";
import { NOT_PROVED } from "../e2e-aws/support/not-proved.ts";

describe("the smoke test", () => {
  test("has a list of what an emulator cannot prove, in the docs", async () => {
    const docs = await readFile(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const [, list] = /cannot prove[^:]*:\n\n((?:- .*\n)+)/.exec(docs) ?? [];
    const named = [...(list ?? "").matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, name]) => name);
    expect(named).toEqual(NOT_PROVED);
  });

  test("makes a recording of hours from a second, with a header that fits", async () => {
    const long = longRecording(2);
    const header = Buffer.from(await long.slice(0, 44).arrayBuffer());
    expect(header.readUInt32LE(40)).toBe(long.size - 44);
    expect(header.readUInt32LE(4)).toBe(long.size - 8);
    expect((long.size - 44) / 32_000 / 3600).toBeCloseTo(2, 2);
  });
});
