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

test("the template is as it was", () => {
  expect(withoutHashes(synthesise().toJSON())).toMatchSnapshot();
});

const missing = await run("cfn-lint", ["--version"]).then(
  () => null,
  () => "cfn-lint is not installed: pip install cfn-lint",
);

const STACKS: Record<string, Record<string, unknown>> = {
  "as it comes": {},
  "with Managed Instances": { capacity: "managed-instances" },
  "with every option": {
    sourceBuckets: { tapes: "*" },
    besideBuckets: "tapes",
    corsOrigins: "*",
    recoverDays: 7,
    keepRecordingsDays: 30,
    alarmMail: "ops@example.com",
    tracing: true,
    domainName: "speech.example.com",
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0",
    edge: true,
    edgeAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ours/0a1b",
    completionEvents: true,
    canaryHours: 6,
    operatorAccess: true,
    destroyData: true,
    maxWorkers: 500,
  },
};

describe.skipIf(missing !== null && !process.env.CI)(`cfn-lint has nothing to say ${missing ?? ""}`, () => {
  // All templates at once: it takes longer to start than to look at one.
  const findings = once(async (): Promise<{ Filename: string }[]> => {
    const folder = await temporaryFolder();
    const files = Object.keys(STACKS).map((name) => join(folder, `${name}.json`));
    for (const [at, settings] of Object.values(STACKS).entries())
      await writeFile(files[at], JSON.stringify(synthesise(settings).toJSON()));
    // W3005: CDK writes dependencies out that references imply.
    const options = ["--format", "json", "--ignore-checks", "W3005", "--", ...files];
    const { stdout } = await run("cfn-lint", options).catch((error: { stdout: string }) => error);
    return JSON.parse(stdout);
  });

  test.each(Object.keys(STACKS))("%s", async (name) => {
    expect(missing).toBeNull();
    expect((await findings()).filter(({ Filename }) => Filename.endsWith(`/${name}.json`))).toEqual([]);
  });

  test("where all are looked at", async () => {
    expect(await findings()).toEqual([]);
  });
});

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null;
  return () => {
    result ??= work();
    return result;
  };
}
