import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const CLIENT = fileURLToPath(new URL("../../clients/typescript/", import.meta.url));
const GENERATOR = `${CLIENT}node_modules/openapi-typescript`;

/** The generator has packages of its own: npm ci --prefix clients/typescript. */
describe.skipIf(!existsSync(GENERATOR) && process.env.CI === undefined)("the typed client", () => {
  test("is what the document makes of it: npm run clients", async () => {
    const args = ["generate.mjs", "--stdout"];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: CLIENT,
      maxBuffer: 2 ** 26,
    });
    expect(stdout).toBe(await readFile(`${CLIENT}src/schema.d.ts`, "utf8"));
  });
});
