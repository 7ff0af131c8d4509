import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ManifestError, parseManifest, readManifest } from "../../bench/metrics/manifest.ts";

describe("a manifest", () => {
  test("gives paths beside itself and keeps all columns", () => {
    const text = "\uFEFFpath\tspeaker\ttranscript\r\na/1.flac\tfash\tYES \r\n\r\n/data/2.wav\t\t\r\n";
    expect(parseManifest(text, "/speech/manifest.tsv")).toEqual([
      {
        path: "/speech/a/1.flac",
        transcript: "YES",
        columns: { path: "a/1.flac", speaker: "fash", transcript: "YES" },
        line: 2,
      },
      {
        path: "/data/2.wav",
        transcript: "",
        columns: { path: "/data/2.wav", speaker: "", transcript: "" },
        line: 4,
      },
    ]);
  });

  test("is read from its file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "manifest-"));
    try {
      await writeFile(join(folder, "m.tsv"), "path\ttranscript\nÀ.wav\tQUÉ\n");
      const [row] = await readManifest(join(folder, "m.tsv"));
      expect([row.path, row.transcript]).toEqual([join(folder, "À.wav"), "QUÉ"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([
    ["", "m.tsv:1: there is no header row"],
    ["\npath\tspeaker\na\tb\n", "m.tsv:2: the header has no column “transcript”"],
    ["file,text\na,b\n", "m.tsv:1: the header has no column “path” and no “transcript”"],
    ["path\ttranscript\tpath\na\tb\tc\n", "m.tsv:1: the header has two columns “path”"],
    ["path\ttranscript\n", "m.tsv:1: there are no rows under the header"],
    ["path\ttranscript\na\tb\n\nc\n", "m.tsv:4: 1 cells, but the header has 2 columns"],
    ["path\ttranscript\na\tb\tc\n", "m.tsv:2: 3 cells, but the header has 2 columns"],
    ["path\ttranscript\n\tb\n", "m.tsv:2: the path is empty"],
  ])("%j is refused, by line", (text, message) => {
    expect(() => parseManifest(text, "m.tsv")).toThrow(ManifestError);
    expect(() => parseManifest(text, "m.tsv")).toThrow(message);
  });
});
