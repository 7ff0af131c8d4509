import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Deployed, type DeployedOptions } from "../../infra/smoke/deployed.ts";
import { smoke } from "../../infra/smoke/run.ts";
import { STEPS } from "../../infra/smoke/steps.ts";
import { silentLog } from "../../local/log.ts";
import { awsServices, s3Client } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { createKey } from "../../src/jobs/use-cases/keys.ts";
import { webhookSecrets } from "../../src/jobs/webhooks/secrets.ts";
import { receiveWebhooks } from "../e2e/support/webhook-receiver.ts";
import { describeWithMoto } from "../support/moto.ts";
import { makeWorkerFolder, readWorkerImage, type WorkerImage } from "../support/worker-image.ts";
import { type Account, openAccount } from "./support/account.ts";
import { apiClient } from "./support/api-client.ts";
import { feed, feedArrivals } from "./support/event-source.ts";
import { NO_METRICS } from "./support/no-metrics.ts";
import { NOT_PROVED } from "./support/not-proved.ts";
import { serveApi } from "./support/serve-api.ts";
import { startWorker } from "./support/worker-process.ts";

const UTTERANCES = new URL("../fixtures/utterances/", import.meta.url).pathname;
const YES = join(UTTERANCES, "slt-yes.wav");

describeWithMoto("the service on AWS, against moto:", (moto) => {
  let folder: string;
  let image: WorkerImage;
  let account: Account;
  beforeAll(async () => {
    image = await readWorkerImage();
    folder = await mkdtemp(join(tmpdir(), "scriptorium-image-"));
    [account] = await Promise.all([openAccount({ direct: false }), makeWorkerFolder(folder, image)]);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const worker = (changes: Record<string, string> = {}) =>
    startWorker(folder, image.command, {
      ...moto().environment,
      ...account.environment,
      SCRIPTORIUM_DEVICE: "cpu",
      SCRIPTORIUM_WAIT_SECONDS: "1",
      SCRIPTORIUM_HEALTH_FILE: join(folder, "healthy"),
      ...changes,
    });
  const open = async () => {
    const { handler: accept } = await import("../../functions/accept-arrivals/main.ts");
    await feedArrivals(account.queues.arrivals, accept);
    const services = awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS });
    const { secret } = await createKey(services, { owner: "ada", name: "test" });
    const { handler } = await import("../../functions/api/main.ts");
    return { services, api: apiClient(handler, secret) };
  };
  const ended = async (api: ReturnType<typeof apiClient>, id: string) => {
    const status = async () => (await api("GET", `/v1/transcriptions/${id}`)).json.status;
    await expect.poll(status, { timeout: 100_000, interval: 100 }).toMatch(/^(completed|failed)$/);
    return (await api("GET", `/v1/transcriptions/${id}`)).json;
  };

  test("an upload is transcribed by the worker, read by the API and announced by a signed webhook", async () => {
    const { services, api } = await open();
    const { handler } = await import("../../functions/deliver-webhook/main.ts");
    await feed(account.queues.webhooks, handler);
    const receiver = await receiveWebhooks();
    const request = { file_name: "yes & no.wav", content_type: "audio/wav", webhook: { url: receiver.url } };
    const created = await api("POST", "/v1/transcriptions", request);
    expect(created.status).toBe(201);
    const { id, upload } = created.json;
    const put = () =>
      readFile(YES).then((body) => fetch(upload.url, { ...upload, body: new Uint8Array(body) }));
    expect((await put()).status).toBe(200);
    expect((await put()).status).toBe(412);

    // No worker is there yet: the record itself says that it waits.
    const stored = async () => (await services.store.getTranscription(id))?.state;
    await expect.poll(stored, { timeout: 100_000 }).toBe("queued");
    const running = worker();

    expect(await ended(api, id)).toMatchObject({ status: "completed", audio: { codec: "pcm_s16le" } });
    expect((await api("GET", `/v1/transcriptions/${id}/transcript?format=text`)).text).toMatch(/^Yes\.?\n$/);
    await expect.poll(() => receiver.events.length, { timeout: 100_000 }).toBe(1);
    const [{ body, headers }] = receiver.events;
    const [{ secret }] = await webhookSecrets(services, { owner: "ada", keyId: "" });
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: "transcription.completed",
      data: { id },
    });

    expect(await running.logged("worker.ready")).toMatchObject({ device: "cpu", level: "INFO" });
    expect(await running.kill("SIGTERM")).toBe(0);
    expect(running.lines.at(-1)).toMatchObject({ message: "worker.stopped", released: 0 });
  });

  test("an object put into the inbox needs no call, one that is no recording fails with a code", async () => {
    const { api } = await open();
    worker();
    const inbox = (name: string, Body: Buffer) =>
      new S3Client({ forcePathStyle: true }).send(
        new PutObjectCommand({ Bucket: account.bucket, Key: `inbox/ada/calls/${name}`, Body }),
      );
    await inbox("yes & no +1.wav", await readFile(YES));
    await inbox("letter.wav", Buffer.from("Dear Sir"));
    const listed = async () =>
      (await api("GET", "/v1/transcriptions?limit=2")).json.data.map(
        (one: { file_name: string; status: string; error: { code: string } | null }) =>
          [one.file_name, one.status, one.error?.code].filter(Boolean).join(" "),
      );
    await expect
      .poll(async () => (await listed()).sort(), { timeout: 100_000 })
      .toEqual(["letter.wav failed unsupported_media", "yes & no +1.wav completed"]);
  });

  const deployed = async (changes: Partial<DeployedOptions> = {}) => {
    const services = awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS });
    const { secret } = await createKey(services, { owner: "ada", name: "smoke" });
    const { handler } = await import("../../functions/api/main.ts");
    return new Deployed({
      url: await serveApi(handler),
      apiKey: secret,
      owner: "ada",
      bucket: account.bucket,
      s3: s3Client(),
      origin: null,
      webhookUrl: null,
      batches: false,
      longHours: null,
      service: null,
      interruption: null,
      patience: 200,
      ...changes,
    });
  };

  test("the smoke test proves what an emulator can tell, and says what it could not prove", async () => {
    const [{ handler: accept }, { handler: deliver }] = await Promise.all([
      import("../../functions/accept-arrivals/main.ts"),
      import("../../functions/deliver-webhook/main.ts"),
    ]);
    await feedArrivals(account.queues.arrivals, accept);
    await feed(account.queues.webhooks, deliver);
    worker();
    const receiver = await receiveWebhooks();
    const lines: string[] = [];
    const report = await smoke(await deployed({ webhookUrl: receiver.url }), (line) => lines.push(line));
    expect(report).toEqual({
      proved: STEPS.map(({ name }) => name).filter((name) => !NOT_PROVED.includes(name)),
      failed: [],
      notProved: NOT_PROVED,
    });
    expect(lines).toHaveLength(STEPS.length);
    expect(receiver.events).toHaveLength(1);
  }, 600_000);

  test("the smoke test fails where nobody works, by the steps that need a worker", async () => {
    const { failed, proved } = await smoke(await deployed({ patience: 1 }), () => {});
    expect(proved).toEqual(["front door", "cancel"]);
    expect(failed).toEqual([
      "upload with a content type",
      "upload without a content type",
      "drop folder",
      "delete",
    ]);
  }, 300_000);
});
