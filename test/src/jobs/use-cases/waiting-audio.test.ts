import { describe, expect, test } from "vitest";
import { queuedItem } from "../../../../src/jobs/batches/item.ts";
import { expectedSeconds } from "../../../../src/jobs/expected-duration.ts";
import { transcribeMessage } from "../../../../src/jobs/messages.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { timestamp } from "../../../../src/jobs/services.ts";
import { REQUEUE_SECONDS } from "../../../../src/jobs/transcription.ts";
import { sweep } from "../../../../src/jobs/use-cases/sweep.ts";
import { waitingAudio } from "../../../../src/jobs/use-cases/waiting-audio.ts";
import { arrive } from "../../../../src/jobs/work/index.ts";
import { aBatch, aTranscription } from "../../../contract/records.ts";
import { type ServiceWorld, serviceWorld } from "../../../support/service-world.ts";

const LIMITS = { durationSeconds: 12 * 3600 };
const known = (fileName: string, sourceBytes: number | null) => ({
  source: { bucket: "b", key: "k" },
  fileName,
  sourceBytes,
});

test.each([
  ["call.wav", 32_000 * 60, 60],
  ["CALL.WAV", 32_000 * 60, 60],
  ["call.flac", 20_000 * 60, 60],
  ["call.mp3", 12_000 * 60, 60],
  ["call", 12_000 * 60, 60],
  ["film.mp4", 150_000 * 60, 60],
  ["a.wav.opus", 4_000 * 60, 60],
  ["year.wav", 32_000 * 1e6, 12 * 3600],
  ["listed.wav", null, 300],
])("%s of %j bytes is expected to have %i seconds", (name, bytes, seconds) => {
  expect(expectedSeconds(known(name, bytes), LIMITS)).toBe(seconds);
});

test("a source without a file's name is known by its key", () => {
  const record = { source: { bucket: "b", key: "tapes/1.wav" }, fileName: null, sourceBytes: 64_000 };
  expect(expectedSeconds(record, LIMITS)).toBe(2);
});

describe("seconds that wait", () => {
  /** Arrived in an inbox. */
  const put = async ({ services }: ServiceWorld, count: number, seconds: number, name: string) => {
    for (let at = 0; at < count; at++) {
      const key = `inbox/ada/${name}-${at}.wav`;
      const object = { bucket: "service", key, size: 32_000 * seconds, etag: null, versionId: null };
      await arrive(services, makeS3Event(object, timestamp(services.clock)));
    }
  };

  test("are none where nothing waits", async () => {
    const { services } = await serviceWorld();
    expect(await waitingAudio(services)).toBe(0);
  });

  test("are those of the recordings, not so many each: 150 of 12 hours are 1,800 hours", async () => {
    const world = await serviceWorld();
    await put(world, 150, 12 * 3600, "long");
    expect(await waitingAudio(world.services)).toBe(150 * 12 * 3600);
  });

  test("count what is in work, and go down as messages go", async () => {
    const world = await serviceWorld();
    await put(world, 4, 600, "a");
    const { transcribe } = world.services.queues;
    const [message] = await transcribe.receive({ most: 1, waitSeconds: 0, visibilitySeconds: 60 });
    expect(await waitingAudio(world.services)).toBe(4 * 600);
    await transcribe.delete(message);
    expect(await waitingAudio(world.services)).toBe(3 * 600);
  });

  test("are still known of uploads that have waited for hours and were sent again", async () => {
    const world = await serviceWorld();
    const { services, clock } = world;
    const record = aTranscription({ state: "awaiting_upload", times: {}, dueAt: timestamp(clock, 3600) });
    await services.store.createTranscription(record, { now: record.createdAt });
    const { bucket, key } = record.source;
    const object = { bucket, key, size: 32_000 * 7200, etag: null, versionId: null };
    await arrive(services, makeS3Event(object, timestamp(clock)));
    clock.advance(REQUEUE_SECONDS);
    await sweep(services);
    clock.advance(3 * 3600);
    expect(await waitingAudio(services)).toBe(2 * 7200);
  });

  test("of a batch are those of its items that are not done", async () => {
    const { services, clock } = await serviceWorld();
    const batch = aBatch({ state: "processing" });
    await services.store.createBatch(batch, { now: timestamp(clock) });
    for (let at = 0; at < 10; at++) {
      const id = `tr_${String(at).padStart(32, "0")}`;
      const size = 32_000 * (at < 5 ? 60 : 120);
      const facts = { id, source: { bucket: "tapes", key: `${at}.wav` }, etag: null, size };
      const item = queuedItem(services, batch, facts);
      await services.store.createTranscription(item, { now: item.createdAt });
      await services.queues.archive.send(transcribeMessage(id));
    }
    expect(await waitingAudio(services)).toBe(5 * 60 + 5 * 120);
  });
});
