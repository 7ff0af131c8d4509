import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { bundleFunction, FUNCTIONS } from "../../../infra/bundle/bundle-function.ts";
import { silentLog } from "../../../local/log.ts";
import { awsServices } from "../../../src/aws/services.ts";
import { readAwsSettings } from "../../../src/aws/settings.ts";
import { createKey } from "../../../src/jobs/use-cases/keys.ts";
import { openAccount } from "../../e2e-aws/support/account.ts";
import { apiEvent, CONTEXT } from "../../e2e-aws/support/api-client.ts";
import { NO_METRICS } from "../../e2e-aws/support/no-metrics.ts";
import { serveApi } from "../../e2e-aws/support/serve-api.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openTab, useBrowser } from "../../web/support/browser.ts";
import { startCorsDoor } from "../../web/support/cors-door.ts";
import { completeWith } from "../../web/support/page-world.ts";
import { speak, transcriptOf } from "../formats/samples.ts";

useBrowser();

const DIALOGUE = fileURLToPath(new URL("../../fixtures/dialogue.wav", import.meta.url));

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

  test("the page beside the API's bundle sends recordings to S3, and reads and plays what lies there", async () => {
    // Vitest takes what lies in such a folder as it is.
    const folder = join(await temporaryFolder(), "node_modules", "api");
    await bundleFunction("api", folder);
    let origin = "";
    const s3 = await startCorsDoor(moto().endpoint, () => origin);
    const { environment } = await openAccount();
    Object.assign(process.env, { AWS_ENDPOINT_URL_S3: s3.url });
    onTestFinished(() => {
      delete process.env.AWS_ENDPOINT_URL_S3;
      return s3.close();
    });
    const services = awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS });
    const { secret } = await createKey(services, { owner: "ada", name: "test" });
    const { handler } = await import(pathToFileURL(join(folder, "index.mjs")).href);
    origin = await serveApi(handler);

    const { page, complaints } = await openTab();
    await page.goto(origin);
    await page.getByLabel("API key").fill(secret);
    await page.keyboard.press("Enter");
    const polled = page.waitForRequest(/[?]wait=20$/);
    await page.locator("input[type=file]").first().setInputFiles(DIALOGUE);
    const link = page.locator(".uploads [data-state=done] a");
    const id = (await link.getAttribute("href"))!.split("/").at(-1)!;
    // S3 tells the service a moment later: the page waits for that.
    expect((await polled).url()).toContain(id);
    const segments = [{ words: speak("hello wide world"), start: 0, end: 0.75 }];
    await completeWith({ services }, id, transcriptOf(segments, { duration: 6.54 }), null);
    await page.locator(".list li", { hasText: "dialogue.wav" }).locator("[data-status=completed]").waitFor();
    await link.click();
    await expect
      .poll(() => page.locator("[data-word]").allTextContents())
      .toEqual(["hello", "wide", "world"]);
    await expect.poll(() => page.evaluate<number>("sound.duration")).toBeCloseTo(6.54, 1);
    await page.evaluate("sound.loop = true");
    await page.locator("[data-word]").last().click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.evaluate<number>("heard.at(-1)")).toBeCloseTo(0.5, 3);
    expect(await page.evaluate<string>("sound.src")).toContain(
      `${s3.url}/${environment.SCRIPTORIUM_BUCKET}/uploads/${id}/`,
    );
    const answer = await fetch(`${origin}/v1/transcriptions/${id}/audio`, {
      headers: { authorization: `Bearer ${secret}` },
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    const part = await fetch(answer.headers.get("location")!, { headers: { range: "bytes=0-3" } });
    expect([part.status, await part.text()]).toEqual([206, "RIFF"]);
    expect(complaints).toEqual([]);
  });
});
