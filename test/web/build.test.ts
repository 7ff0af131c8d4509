import { globSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { buildPage, type PageFile } from "../../web/build.ts";
import { TEXT } from "../../web/text.ts";

const MOST_BYTES = 60_000;
const text = ({ content }: PageFile) => new TextDecoder().decode(content);

describe("the built page", () => {
  let files: PageFile[];
  beforeAll(async () => {
    files = await buildPage();
  });

  test("is 60 KB at most, gzipped, in all", () => {
    const bytes = files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  test("loads what is there, named for its content, and nothing from elsewhere", async () => {
    const [document, ...assets] = files;
    const loaded = [...text(document).matchAll(/(?:src|href)="page\/([^"]+)"/g)].map(([, name]) => name);
    expect(loaded.sort()).toEqual(assets.map(({ name }) => name).sort());
    for (const name of loaded) expect(name).toMatch(/^\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
    for (const { name } of await buildPage()) expect(files.map((file) => file.name)).toContain(name);
    for (const file of files.filter(({ name }) => !name.endsWith(".svg")))
      expect(text(file)).not.toMatch(/(src|href|url\(|import\(?)\s*=?\s*["']?(https?:)?\/\//);
  });

  test("has no script or style inline", () => {
    expect(text(files[0])).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
  });
});

test("every code that a transcription may fail with has its remedy", () => {
  const docs = readFileSync("docs/api.md", "utf8");
  const table = /^\| code \| the recording \|.*\n((?:\|.*\n)+)/m.exec(docs)?.[1] ?? "";
  const codes = table.split("\n").flatMap((row) => row.split("|")[1]?.match(/\w+/g) ?? []);
  expect(codes.length).toBeGreaterThan(12);
  expect(Object.keys(TEXT.remedies).sort()).toEqual(codes.sort());
});

test("every word that the page shows stands in text.ts", () => {
  const shown: string[] = [];
  for (const path of globSync("web/**/*.tsx")) {
    const source = readFileSync(path, "utf8");
    // Between two elements, outside braces; and what attributes say to people.
    for (const [, words] of source.matchAll(/<\/?[\w.]+(?:\s[^<>{}]*)?>\s*([A-Za-z][^<>{}]*)<\//g))
      shown.push(`${path}: ${words}`);
    for (const [, words] of source.matchAll(/\s(?:title|alt|aria-label|placeholder)="([^"]*)"/g))
      if (!["https://", "en"].includes(words)) shown.push(`${path}: ${words}`);
  }
  expect(shown).toEqual([]);
});
