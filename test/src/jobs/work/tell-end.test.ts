import { expect, test } from "vitest";
import { settleBatch } from "../../../../src/jobs/batches/settle.ts";
import type { Services } from "../../../../src/jobs/services.ts";
import { timestamp } from "../../../../src/jobs/services.ts";
import { afterEnd } from "../../../../src/jobs/work/after-end.ts";
import { fail } from "../../../../src/jobs/work/finish.ts";
import { aBatch } from "../../../contract/records.ts";
import { serviceWorld } from "../../../support/service-world.ts";
import { HOLD, read, stored } from "./records.ts";

/** A world with a bus of events, in the place of one of its queues. */
async function world(): Promise<{ services: Services; told: () => Promise<unknown[]> }> {
  const { services } = await serviceWorld();
  const events = services.queues.archive;
  const told = async () => {
    const messages = await events.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 600 });
    return messages.map(({ body }) => JSON.parse(body));
  };
  return { services: { ...services, queues: { ...services.queues, events } }, told };
}

test("what failed is told with its owner, again where its message comes again", async () => {
  const { services, told } = await world();
  const lease = { ...HOLD, until: timestamp(services.clock, 60) };
  const { id } = await stored(services, { state: "processing", lease });
  await fail(services, id, HOLD, { code: "no_audio", message: "There is no audio." });
  const event = {
    type: "transcription.failed",
    data: { id, owner: "ada", status: "failed", error: { code: "no_audio" } },
  };
  expect(await told()).toMatchObject([event]);
  await afterEnd(services, await read(services, id));
  expect(await told()).toMatchObject([event]);
});

test("what has not ended, or is gone, is not told", async () => {
  const { services, told } = await world();
  for (const state of ["queued", "processing", "deleted"] as const)
    await afterEnd(services, await stored(services, { state }));
  expect(await told()).toEqual([]);
});

test("a batch's end is told once it has its summary", async () => {
  const { services, told } = await world();
  const batch = aBatch({ state: "processing" });
  const open = { ...batch, listing: { ...batch.listing, done: true }, summaryKey: null };
  await services.store.createBatch(open, { now: timestamp(services.clock) });
  await settleBatch(services, batch.id);
  expect(await told()).toMatchObject([
    { type: "batch.completed", data: { id: batch.id, owner: batch.owner, status: "completed" } },
  ]);
});

test("nobody is told where nobody asked for it", async () => {
  const { services } = await serviceWorld();
  await afterEnd(services, await stored(services, { state: "failed" }));
  expect(await services.queues.archive.depth()).toMatchObject({ visible: 0 });
});
