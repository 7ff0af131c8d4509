import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../../functions/api/problems.ts";
import { DEFAULT_LIMITS } from "../../../src/jobs/limits.ts";
import { TRANSCRIPTION_STATES } from "../../../src/jobs/transcription.ts";
import { apiWorld } from "../../support/api-world.ts";
import { readDocument } from "../../support/openapi-document.ts";

const docs = readFileSync(fileURLToPath(new URL("../../../docs/api.md", import.meta.url)), "utf8");

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

test("docs/api.md names every error with its status, and every status", () => {
  for (const [code, { status }] of Object.entries(PROBLEMS))
    expect(docs).toContain(`| ${status} | \`${code}\` |`);
  for (const state of TRANSCRIPTION_STATES) expect(docs).toContain(`\`${state}\``);
});

test("docs/api.md names the variable of every limit", () => {
  for (const name of Object.keys(DEFAULT_LIMITS))
    expect(docs).toContain(`\`${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}\``);
});
