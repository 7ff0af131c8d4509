import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundleFunction, FUNCTIONS } from "../../../infra/bundle/bundle-function.ts";
import { openAccount } from "../../e2e-aws/support/account.ts";
import { apiEvent, CONTEXT } from "../../e2e-aws/support/api-client.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const MOST_BYTES = 1_100_000;
const BATCH = "ba_00000000000000000000000000000001";
const UNREADABLE = { Records: [{ messageId: "1", receiptHandle: "1", body: "unreadable" }] };

/** An event for each function, and what it answers. */
const CALLS: Record<(typeof FUNCTIONS)[number], { event: unknown; answer: unknown }> = {
  "accept-arrivals": { event: { Records: [{ Sns: { Message: "unreadable" } }] }, answer: null },
  api: {
    event: apiEvent("GET", "/healthz"),
    answer: { statusCode: 200, body: '{"status":"ok","warnings":[]}' },
  },
  canary: { event: {}, answer: null },
  "deliver-webhook": { event: UNREADABLE, answer: { batchItemFailures: [] } },
  "list-source": {
    event: { kind: "far_prefix", batch_id: BATCH, bucket: "BUCKET", prefix: "none/", after: "", part: 0 },
    answer: expect.objectContaining({ count: 0, more: false }),
  },
  "enqueue-archive": { event: { BatchInput: { batch_id: BATCH }, Items: [{ Key: "a.wav" }] }, answer: null },
  "fail-dead-letters": { event: UNREADABLE, answer: { batchItemFailures: [] } },
  "finish-listing": { event: { batch_id: BATCH }, answer: null },
  sweep: { event: {}, answer: null },
};

/** Does with a bundle what Lambda does, in a process of its own. */
const RUN = `
  const { handler } = await import(process.argv[1]);
  const { event, context } = JSON.parse(process.argv[2]);
  context.getRemainingTimeInMillis = () => 300_000;
  const answer = (await handler(event, context)) ?? null;
  process.stdout.write("\\n" + JSON.stringify({ answer }) + "\\n", () => process.exit());
`;

describeWithMoto("bundles, against moto:", (moto) => {
  test.each(FUNCTIONS)("%s is small, and answers an event", async (name) => {
    const folder = await temporaryFolder();
    const bytes = await bundleFunction(name, folder);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
    const { environment } = await openAccount();
    const { event, answer } = CALLS[name];
    const args = ["--input-type=module", "-e", RUN, join(folder, "index.mjs")];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...args,
        JSON.stringify({ event, context: CONTEXT }).replace("BUCKET", environment.SCRIPTORIUM_BUCKET),
      ],
      // Nothing of the repository is in reach of it.
      { cwd: folder, env: { ...moto().environment, ...environment, SCRIPTORIUM_URL: "http://127.0.0.1:9" } },
    );
    expect(JSON.parse(stdout.trim().split("\n").at(-1)!)).toMatchObject({ answer });
  });
});
