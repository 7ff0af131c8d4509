import { describe, expect, it } from "vitest";
import { makeAcceptArrivalsHandler } from "../../../../functions/accept-arrivals/handler.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { acceptMessage, arrive } from "../../../../src/jobs/work/index.ts";
import { serviceWorld } from "../../../support/service-world.ts";
import { read, stored } from "./records.ts";

const eventFor = (key: string, size: number | null = 10) =>
  makeS3Event({ bucket: "service", key, size, etag: null, versionId: "v1" }, "2026-03-01T12:00:00.000Z");

describe("a recording that arrives", () => {
  it("is queued at once, in its owner's name, with its size", async () => {
    const { services } = await serviceWorld();
    const { id, owner, source } = await stored(services, { state: "awaiting_upload", times: {} });
    await arrive(services, eventFor(source.key, 1234));
    expect(await read(services, id)).toMatchObject({ state: "queued", sourceBytes: 1234 });
    const others = Array.from({ length: 20 }, (_, at) => `inbox/flood/${at}.wav`);
    for (const key of others) await arrive(services, eventFor(key));
    const mine = await stored(services, { state: "awaiting_upload", times: {}, owner: `${owner}-2` });
    await arrive(services, eventFor(mine.source.key));
    // Its turn comes before the flood's, which came first.
    const queue = services.queues.transcribe;
    const first = await queue.receive({ most: 3, waitSeconds: 0, visibilitySeconds: 60 });
    const owners = await Promise.all(
      first.map(async ({ body }) => (await read(services, JSON.parse(body).id)).owner),
    );
    expect(new Set(owners)).toEqual(new Set([owner, "flood", `${owner}-2`]));
  });

  it("fails at once where it is larger than may be, and no worker hears of it", async () => {
    const { services } = await serviceWorld();
    const { id, source } = await stored(services, { state: "awaiting_upload", times: {} });
    await arrive(services, eventFor(source.key, services.limits.uploadBytes + 1));
    expect(await read(services, id)).toMatchObject({ state: "failed", error: { code: "too_large" } });
    await arrive(services, eventFor("inbox/ada/big.wav", services.limits.uploadBytes + 1));
    expect(await services.queues.transcribe.depth()).toMatchObject({ visible: 0 });
  });

  it("is left alone where it has been begun, or has ended", async () => {
    const { services } = await serviceWorld();
    for (const state of ["processing", "completed", "canceled"] as const) {
      const { id, source } = await stored(services, { state, times: {} });
      await arrive(services, eventFor(source.key));
      expect((await read(services, id)).state).toBe(state);
    }
    expect(await services.queues.transcribe.depth()).toMatchObject({ visible: 0 });
  });

  it("is the same where its event comes again, or by way of SNS, to a function or to a worker", async () => {
    const { services } = await serviceWorld();
    const { id, source } = await stored(services, { state: "awaiting_upload", times: {} });
    const Records = [{ EventSource: "aws:sns", Sns: { Message: eventFor(source.key) } }] as never;
    await makeAcceptArrivalsHandler(services)({ Records });
    const queued = await read(services, id);
    expect(queued.state).toBe("queued");
    // What Lambda leaves to the workers' queue when the function fails is what it was called with.
    expect(await acceptMessage(services, JSON.stringify({ Records }))).toEqual([id]);
    expect(await read(services, id)).toEqual(queued);
  });

  it("comes again where it could not be noted", async () => {
    const { services } = await serviceWorld();
    const { source } = await stored(services, { state: "awaiting_upload", times: {} });
    const broken = {
      ...services,
      store: { ...services.store, getTranscription: () => Promise.reject(new Error("away")) },
    };
    await expect(arrive(broken as never, eventFor(source.key))).rejects.toThrow("away");
  });
});
