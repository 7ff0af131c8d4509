import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../../functions/api/problems.ts";
import { DEFAULT_LIMITS } from "../../../src/jobs/limits.ts";
import { TRANSCRIPTION_STATES } from "../../../src/jobs/transcription.ts";
import { apiWorld } from "../../support/api-world.ts";
import { readDocument } from "../../support/openapi-document.ts";

const source = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");
const docs = source("docs/api.md");

test("docs/api.md names every call and every parameter", async () => {
  const { calls } = await readDocument((await apiWorld()).app);
  for (const { method, path, operation } of calls) {
    expect(docs).toContain(`${method.toUpperCase()} ${path}`);
    for (const { name, in: place } of operation.parameters ?? [])
      if (place === "query") expect(docs).toMatch(new RegExp(`[?&]${name}=`));
  }
});

test("docs/api.md names every option", async () => {
  const { components } = (await readDocument((await apiWorld()).app)).document;
  for (const schema of ["CreateTranscription", "CreateBatch"])
    for (const name of Object.keys(components.schemas[schema].properties as object))
      expect(docs).toMatch(new RegExp(`\`${name}(\\.\\w+)?\``));
});

test("docs/api.md names every error of calls with its status, each once, and no other", () => {
  const rows = [...docs.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)].map(
    ([, status, code]) => `${status} ${code}`,
  );
  const known = Object.entries(PROBLEMS).map(([code, { status }]) => `${status} ${code}`);
  expect(rows.sort()).toEqual(known.sort());
});

test("docs/api.md names every error that a transcription may fail with, and no other", () => {
  const table = /^\| code \| the recording \|.*\n((?:\|.*\n)+)/m.exec(docs)?.[1] ?? "";
  const named = table.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)]);
  const codes = (path: string, pattern: RegExp) =>
    [...(pattern.exec(source(path))?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, code]) => code);
  const known = [
    ...codes("src/asr/errors.ts", /type RecordingErrorCode =([^;]+);/),
    ...codes("src/jobs/errors.ts", /class BlobUnreadableError[\s\S]*?constructor\(code: ([^,]+),/),
    ...codes("containers/worker/remote/errors.ts", /readonly code: ([^;]+);/),
    // Of the worker's verdict, of batches, and of what is given up.
    "ffmpeg_missing",
    "invalid_request",
    "internal_error",
  ];
  expect(known.length).toBeGreaterThan(14);
  expect(new Set(named.map(([, code]) => code))).toEqual(new Set(known));
});

test("docs/api.md names every status", () => {
  for (const state of TRANSCRIPTION_STATES) expect(docs).toContain(`\`${state}\``);
});

test("docs/api.md names the variable of every limit", () => {
  for (const name of Object.keys(DEFAULT_LIMITS))
    expect(docs).toContain(`\`${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}\``);
});
