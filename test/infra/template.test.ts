import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { synthesise } from "./synthesis.ts";

const run = promisify(execFile);

/** Digests of what is bundled change with every line of code. */
function withoutHashes(template: unknown): unknown {
  const text = JSON.stringify(template).replaceAll(/\b[0-9a-f]{64}\b/g, "HASH");
  return JSON.parse(text);
}

test("the template is as it was", { timeout: 180_000 }, () => {
  expect(withoutHashes(synthesise().toJSON())).toMatchSnapshot();
});

const missing = await run("cfn-lint", ["--version"]).then(
  () => null,
  () => "cfn-lint is not installed: pip install cfn-lint",
);

describe.skipIf(missing !== null && !process.env.CI)(`cfn-lint has nothing to say ${missing ?? ""}`, () => {
  test.each([
    ["as it comes", {}],
    ["with Managed Instances", { capacity: "managed-instances" }],
    [
      "with every option",
      {
        sourceBuckets: { tapes: "*" },
        besideBuckets: "tapes",
        corsOrigins: "*",
        recoverDays: 7,
        keepRecordingsDays: 30,
        alarmMail: "ops@example.com",
        tracing: true,
        domainName: "speech.example.com",
        certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
        destroyData: true,
        maxWorkers: 500,
      },
    ],
  ])(
    "%s",
    async (_name, settings) => {
      expect(missing).toBeNull();
      const file = join(await temporaryFolder(), "template.json");
      await writeFile(file, JSON.stringify(synthesise(settings).toJSON()));
      // W3005: CDK writes dependencies out that references imply.
      const { stdout } = await run("cfn-lint", ["--ignore-checks", "W3005", "--", file]).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe("");
    },
    180_000,
  );
});
