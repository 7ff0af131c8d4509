import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RulesetDefinition, Spectral } from "@stoplight/spectral-core";
import { oas } from "@stoplight/spectral-rulesets";
import { expect, test } from "vitest";
import { apiWorld } from "../../support/api-world.ts";
import { readDocument } from "../../support/openapi-document.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const REDOCLY = "node_modules/@redocly/cli/bin/cli.js";

async function readIt() {
  const { app } = await apiWorld();
  return (await readDocument(app)).document;
}

/** What Redocly's linter finds, as JSON. */
async function redocly(document: unknown): Promise<{ totals: { errors: number }; problems: unknown[] }> {
  const folder = await temporaryFolder();
  const [file, config] = [join(folder, "openapi.json"), join(folder, "redocly.yaml")];
  await writeFile(file, JSON.stringify(document));
  await writeFile(config, "extends: [recommended]\ntelemetry: off\n");
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const args = [REDOCLY, "lint", file, "--config", config, "--format=json"];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }, (_, out) => resolve(out));
  });
  return JSON.parse(stdout);
}

async function spectral(document: unknown): Promise<string[]> {
  const linter = new Spectral();
  linter.setRuleset({ extends: [[oas as RulesetDefinition, "recommended"]] });
  const found = await linter.run(document as Record<string, unknown>);
  return found.map(({ code, message, path }) => `${code} at ${path.join(".")}: ${message}`);
}

test("Redocly finds no errors in the document, and finds one that is put in", async () => {
  const document = await readIt();
  expect((await redocly(document)).problems.filter(isError)).toEqual([]);
  document.paths["/healthz"].get.security = [{ unknown: [] }];
  expect((await redocly(document)).totals.errors).toBeGreaterThan(0);
});

test("Spectral finds nothing in the document, and finds what is put in", async () => {
  const document = await readIt();
  expect(await spectral(document)).toEqual([]);
  document.paths["/healthz"].get.tags = ["Unknown"];
  expect(await spectral(document)).toHaveLength(1);
});

function isError(problem: unknown): boolean {
  return (problem as { severity: string }).severity === "error";
}
