import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Deployed, type DeployedOptions } from "../../infra/smoke/deployed.ts";
import { longRecording } from "../../infra/smoke/recordings.ts";
import { smoke } from "../../infra/smoke/run.ts";
import { STEPS } from "../../infra/smoke/steps.ts";
import { silentLog } from "../../local/log.ts";
import { awsServices, s3Client } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { createKey } from "../../src/jobs/use-cases/keys.ts";
import { receiveWebhooks } from "../e2e/support/webhook-receiver.ts";
import { describeWithMoto } from "../support/moto.ts";
import { makeWorkerFolder, readWorkerImage, type WorkerImage } from "../support/worker-image.ts";
import { type Account, openAccount } from "./support/account.ts";
import { feed, feedArrivals } from "./support/event-source.ts";
import { NO_METRICS } from "./support/no-metrics.ts";
import { serveApi } from "./support/serve-api.ts";
import { startWorker } from "./support/worker-process.ts";

/** As docs/deploy.md has it: what no emulator tells. */
const NOT_PROVED = [
  "upload from a browser's origin",
  "batch of 20",
  "a transcript of hours",
  "a deployment under load",
  "a Spot interruption",
];

describeWithMoto("the smoke test, against moto:", (moto) => {
  let folder: string;
  let image: WorkerImage;
  let account: Account;
  beforeAll(async () => {
    image = await readWorkerImage();
    folder = await mkdtemp(join(tmpdir(), "scriptorium-image-"));
    [account] = await Promise.all([openAccount({ direct: false }), makeWorkerFolder(folder, image)]);
    return () => rm(folder, { recursive: true, force: true });
  }, 300_000);

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

  test("proves what an emulator can tell, and says what it could not prove", async () => {
    const [{ handler: accept }, { handler: deliver }] = await Promise.all([
      import("../../functions/accept-arrivals/main.ts"),
      import("../../functions/deliver-webhook/main.ts"),
    ]);
    await feedArrivals(account.queues.arrivals, accept);
    await feed(account.queues.webhooks, deliver);
    startWorker(folder, image.command, {
      ...moto().environment,
      ...account.environment,
      SCRIPTORIUM_DEVICE: "cpu",
      SCRIPTORIUM_WAIT_SECONDS: "1",
      SCRIPTORIUM_HEALTH_FILE: join(folder, "healthy"),
    });
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

  test("fails where nobody works, by the steps that need a worker", async () => {
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

describe("the smoke test", () => {
  test("has a list of what an emulator cannot prove, in the docs", async () => {
    const docs = await readFile(new URL("../../docs/deploy.md", import.meta.url), "utf8");
    const [, list] = /cannot prove[^:]*:\n\n((?:- .*\n)+)/.exec(docs) ?? [];
    const named = [...(list ?? "").matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, name]) => name);
    expect(named).toEqual(NOT_PROVED);
  });

  test("makes a recording of hours from a second, with a header that fits", async () => {
    const long = longRecording(2);
    const header = Buffer.from(await long.slice(0, 44).arrayBuffer());
    expect(header.readUInt32LE(40)).toBe(long.size - 44);
    expect(header.readUInt32LE(4)).toBe(long.size - 8);
    expect((long.size - 44) / 32_000 / 3600).toBeCloseTo(2, 2);
  });
});
