import { describe, expect, it } from "vitest";
import { transcribeMessage } from "../../../../src/jobs/messages.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { newWebhook } from "../../../../src/jobs/webhook.ts";
import { claim, failDeadLetter, giveBack } from "../../../../src/jobs/work/index.ts";
import { serviceWorld } from "../../../support/service-world.ts";
import { HOLD, OTHER, read, stored, waiting } from "./records.ts";

const webhook = newWebhook("https://example.com/hook", "ev_1");

describe("a dead letter", () => {
  it("fails a transcription that was begun as often as it may be, with its webhook, once", async () => {
    const { services, clock } = await serviceWorld({ attempts: 2 });
    const { id } = await stored(services, { webhook });
    for (const hold of [HOLD, OTHER]) {
      await claim(services, id, hold, 60);
      clock.advance(60);
    }
    await failDeadLetter(services, transcribeMessage(id));
    const record = await read(services, id);
    expect(record).toMatchObject({
      state: "failed",
      error: { code: "internal_error" },
      webhook: { state: "pending" },
    });
    expect(await waiting(services, "webhooks")).toHaveLength(1);
    await failDeadLetter(services, transcribeMessage(id));
    expect(await read(services, id)).toEqual(record);
    expect((await services.queues.transcribe.depth()).delayed).toBe(0);
  });

  it("sends what was only released often to its own queue again, later", async () => {
    const { services, clock } = await serviceWorld({ attempts: 1 });
    const { id } = await stored(services, { queue: "archive" });
    await claim(services, id, HOLD, 60);
    await giveBack(services, id, HOLD);
    await failDeadLetter(services, transcribeMessage(id));
    expect(await waiting(services, "archive")).toEqual([]);
    clock.advance(60);
    expect(await waiting(services, "archive")).toEqual([transcribeMessage(id)]);
    expect(await claim(services, id, OTHER, 60)).toMatchObject({ kind: "claimed" });
  });

  it("never fails what is being worked on, and sends it again only once the lease must be over", async () => {
    const { services, clock } = await serviceWorld({ attempts: 1 });
    const { id } = await stored(services);
    await claim(services, id, HOLD, 600);
    await failDeadLetter(services, transcribeMessage(id));
    expect((await read(services, id)).state).toBe("processing");
    clock.advance(600);
    expect(await waiting(services, "transcribe")).toEqual([]);
    clock.advance(60);
    expect(await waiting(services, "transcribe")).toEqual([transcribeMessage(id)]);
    expect(await claim(services, id, OTHER, 60)).toEqual({ kind: "given_up" });
  });

  it("that tells of an upload has it accepted and sent again", async () => {
    const { services, clock } = await serviceWorld();
    const { id, source } = await stored(services, { state: "awaiting_upload" });
    const object = { ...source, size: 10, etag: null, versionId: null };
    await failDeadLetter(services, makeS3Event(object, "2026-03-01T12:00:00.000Z"));
    expect((await read(services, id)).state).toBe("queued");
    clock.advance(60);
    expect(await waiting(services, "transcribe")).toEqual([transcribeMessage(id)]);
  });

  it("sees to what follows from an end, should that have been missed", async () => {
    const { services } = await serviceWorld();
    const pending = { ...webhook, state: "pending" as const, nextAttemptAt: "2026-03-01T12:00:00.000Z" };
    const { id } = await stored(services, { state: "failed", webhook: pending });
    await failDeadLetter(services, transcribeMessage(id));
    expect(await waiting(services, "webhooks")).toHaveLength(1);
  });

  it("that makes no sense, or is about nothing, is dropped", async () => {
    const { services } = await serviceWorld();
    const awaiting = await stored(services, { state: "awaiting_upload" });
    const bodies = ["?", "{}", transcribeMessage(`tr_${"0".repeat(32)}`), transcribeMessage(awaiting.id)];
    for (const body of bodies) await failDeadLetter(services, body);
    for (const queue of [services.queues.transcribe, services.queues.archive])
      expect(await queue.depth()).toMatchObject({ visible: 0, delayed: 0 });
  });
});
