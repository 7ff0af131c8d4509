import { expect, test } from "vitest";
import type { Batch } from "../../../../src/jobs/batch.ts";
import { RESTART_SECONDS, sweep } from "../../../../src/jobs/use-cases/sweep.ts";
import { aBatch } from "../../../contract/records.ts";
import { serviceWorld } from "../../../support/service-world.ts";

/** Batches of now, and a note of those that are started. */
async function open(...changes: Partial<Batch>[]) {
  const world = await serviceWorld();
  const now = new Date(world.clock.now()).toISOString();
  const batches = changes.map((change) => aBatch({ createdAt: now, ...change }));
  for (const batch of batches) await world.services.store.createBatch(batch, { now });
  const started: string[] = [];
  const services = { ...world.services, startListing: async (id: string) => void started.push(id) };
  return { ...world, services, started, ids: batches.map(({ id }) => id) };
}

const UNREAD = { cursor: null, done: false };

test("a batch whose listing nobody started is started, but not before its own request had the time to", async () => {
  const { services, clock, started, ids } = await open({ state: "listing", listing: UNREAD });
  clock.advance(RESTART_SECONDS - 1);
  await sweep(services);
  expect(started).toEqual([]);
  clock.advance(1);
  await sweep(services);
  expect(started).toEqual(ids);
});

test("one that was canceled before its listing began is started as well: its end notes that nothing will come", async () => {
  const { services, clock, started, ids } = await open({ state: "canceling", listing: UNREAD });
  clock.advance(RESTART_SECONDS);
  await sweep(services);
  expect(started).toEqual(ids);
});

test("one that is listed already is let alone", async () => {
  const { services, clock, started } = await open({
    state: "processing",
    listing: { cursor: null, done: true },
  });
  clock.advance(RESTART_SECONDS);
  await sweep(services);
  expect(started).toEqual([]);
});

test("one that cannot be started does not keep the others waiting", async () => {
  const { services, clock, started, ids } = await open(
    { state: "listing", listing: UNREAD },
    { state: "listing", listing: UNREAD },
  );
  clock.advance(RESTART_SECONDS);
  const tried: string[] = [];
  await sweep({
    ...services,
    startListing: async (id) => {
      tried.push(id);
      if (tried.length === 1) throw new Error("Step Functions is on fire");
      await services.startListing(id);
    },
  });
  expect(tried.toSorted()).toEqual(ids.toSorted());
  expect(started).toHaveLength(1);
});
