import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { makeCanaryHandler } from "../../../../functions/canary/handler.ts";
import { parseTranscript } from "../../../../src/formats/index.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { timestamp } from "../../../../src/jobs/services.ts";
import { type CanaryReport, runCanary } from "../../../../src/jobs/use-cases/canary.ts";
import { arrive, claim, complete } from "../../../../src/jobs/work/index.ts";
import { type ServiceWorld, serviceWorld } from "../../../support/service-world.ts";
import { HOLD } from "../work/records.ts";

const RECORDING = new TextEncoder().encode("RIFF");

/** The one that lies in the inbox, worked on: until its end, with this text. */
async function transcribe({ services, clock }: ServiceWorld, text: string): Promise<string> {
  const [facts] = await Array.fromAsync(services.blobs.list("service", "inbox/canary/"));
  await arrive(services, makeS3Event({ ...facts, versionId: null }, timestamp(clock)));
  const { items } = await services.store.listTranscriptions({ owner: "canary", limit: 1 });
  const [{ id }] = items;
  clock.advance(90);
  const claimed = await claim(services, id, HOLD, 60);
  if (claimed.kind !== "claimed") throw new Error(claimed.kind);
  await complete(services, claimed.record, HOLD, transcriptOf(id, text));
  return id;
}

function transcriptOf(id: string, text: string) {
  const words = text === "" ? [] : [{ word: text, start: 0, end: 1, confidence: 1 }];
  const segments = words.map((word) => ({ id: 0, start: 0, end: 1, text, confidence: 1, words: [word] }));
  const document = {
    id,
    model: { name: "test-model", version: "1.0.0", device: "cpu" },
    duration: 1,
    language: "en",
    text,
    confidence: text === "" ? null : 1,
    segments,
    audio: { sha256: "00", duration: 1, sample_rate: 16_000, channels: 1, codec: "pcm_s16le" },
    timing: { queued_ms: 0, decode_ms: 1, infer_ms: 1, rtf: 0.1 },
  };
  return parseTranscript(JSON.stringify(document));
}

test("a recording goes through the service; the next run tells how long it took, and deletes it", async () => {
  const world = await serviceWorld();
  const { services } = world;
  expect(await runCanary(services, RECORDING)).toEqual({ fault: null, seconds: null });
  const id = await transcribe(world, "GO");
  expect(await runCanary(services, RECORDING)).toEqual({ fault: null, seconds: 90 });
  expect((await services.store.getTranscription(id))?.state).toBe("deleted");
  // The next one's alone.
  expect(await Array.fromAsync(services.blobs.list("service", "inbox/"))).toHaveLength(1);
  expect(await Array.fromAsync(services.blobs.list("service", "results/"))).toHaveLength(0);
});

test("one that is not done by the next run, or has no words, is a fault", async () => {
  const world = await serviceWorld();
  const { services, clock } = world;
  await runCanary(services, RECORDING);
  await transcribe(world, "");
  expect(await runCanary(services, RECORDING)).toMatchObject({ fault: expect.stringMatching(/is empty$/) });
  const [facts] = await Array.fromAsync(services.blobs.list("service", "inbox/canary/"));
  await arrive(services, makeS3Event({ ...facts, versionId: null }, timestamp(clock)));
  expect(await runCanary(services, RECORDING)).toMatchObject({ fault: expect.stringMatching(/is queued$/) });
});

test("so is a front door that does not answer", async () => {
  const { services } = await serviceWorld();
  const reports: CanaryReport[] = [];
  const publish = (report: CanaryReport) => void reports.push(report);
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/healthz" ? 200 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await makeCanaryHandler({ services, recording: RECORDING, url, publish })();
  server.close();
  server.closeAllConnections();
  await makeCanaryHandler({ services, recording: RECORDING, url: "http://127.0.0.1:9", publish })();
  expect(reports).toMatchObject([
    { fault: null },
    { fault: expect.stringMatching(/^\/healthz does not answer/) },
  ]);
});
