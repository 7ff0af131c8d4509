import { expect, test } from "vitest";
import { makeEnqueueArchiveHandler } from "../../../functions/enqueue-archive/handler.ts";
import { makeFinishListingHandler } from "../../../functions/finish-listing/handler.ts";
import { aBatch, NOW } from "../../contract/records.ts";
import { serviceWorld } from "../../support/service-world.ts";

/** A batch of which one item is queued. */
async function world() {
  const { services } = await serviceWorld();
  const reading = { ...services, sourceBuckets: async () => ["archive"] };
  const batch = aBatch({ id: "ba_00000000000000000000000000000001" });
  await services.store.createBatch(batch, { now: NOW });
  await makeEnqueueArchiveHandler(reading)({
    BatchInput: { batch_id: batch.id },
    Items: [{ Key: "tapes/1.wav", Etag: "e" }],
  });
  const finish = makeFinishListingHandler(reading);
  return { finish, id: batch.id, stored: () => services.store.getBatch(batch.id) };
}

test("a list that was read to its end leaves the batch to its items, however often it is said", async () => {
  const { finish, id, stored } = await world();
  await finish({ batch_id: id });
  await finish({ batch_id: id });
  expect(await stored()).toMatchObject({
    state: "processing",
    listing: { done: true },
    counts: { queued: 1 },
  });
});

test("a list that could not be read fails the batch with what Step Functions says of the source", async () => {
  const { finish, id, stored } = await world();
  const error = { Error: "States.ItemReaderFailed", Cause: "The specified key does not exist." };
  await finish({ batch_id: id, error });
  const message = "The source of the batch could not be read. The specified key does not exist.";
  expect(await stored()).toMatchObject({ state: "failed", error: { code: "invalid_manifest", message } });
});

test("a source of another region that could not be brought fails the batch with what was wrong with it", async () => {
  const { finish, id, stored } = await world();
  const Cause = JSON.stringify({
    errorType: "SourceUnreadable",
    errorMessage: "There is no lists/a.csv.",
    trace: [],
  });
  await finish({ batch_id: id, error: { Error: "SourceUnreadable", Cause } });
  const message = "The source of the batch could not be read. There is no lists/a.csv.";
  expect(await stored()).toMatchObject({ state: "failed", error: { code: "invalid_manifest", message } });
});

test("another failure is ours, and its cause nobody else's business", async () => {
  const { finish, id, stored } = await world();
  await finish({ batch_id: id, error: { Error: "Lambda.Unknown", Cause: "stack trace" } });
  expect(await stored()).toMatchObject({
    state: "failed",
    error: { code: "internal_error", message: expect.not.stringContaining("stack trace") },
  });
});

test.each([{}, { batch_id: 1 }, { batch_id: "ba_1", error: "no" }])(
  "%j is no event of its",
  async (event) => {
    const { finish } = await world();
    await expect(finish(event as never)).rejects.toThrow();
  },
);
