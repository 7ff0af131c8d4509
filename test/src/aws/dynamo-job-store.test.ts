import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { DynamoJobStore } from "../../../src/aws/dynamo-job-store.ts";
import { NO_COUNTS } from "../../../src/jobs/batch.ts";
import { InvalidCursorError } from "../../../src/jobs/errors.ts";
import { enter } from "../../../src/jobs/transcription.ts";
import { describeJobStore } from "../../contract/job-store.contract.ts";
import { aBatch, anIdempotencyRecord, aTranscription, completed, NOW } from "../../contract/records.ts";
import { createTable } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";

/** What DynamoDB says where another transaction is at one of the items; moto never does. */
function canceled(...codes: string[]): TransactionCanceledException {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: "canceled", $metadata: {}, CancellationReasons });
}

describeWithMoto("against moto:", () => {
  /** `faults` are thrown by the next transactions, one each. */
  const openStore = async (faults: Error[] = []) => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient());
    client.middlewareStack.add((next, { commandName }) => async (request) => {
      const fault = commandName === "TransactWriteItemsCommand" ? faults.shift() : undefined;
      if (fault) throw fault;
      return next(request);
    });
    return new DynamoJobStore(client, await createTable());
  };

  describeJobStore("DynamoJobStore", openStore);

  describe("DynamoJobStore", () => {
    test("asked for its health by anybody, reads, and seldom", async () => {
      const client = DynamoDBDocumentClient.from(new DynamoDBClient());
      const commands: unknown[] = [];
      client.middlewareStack.add((next, { commandName }) => (request) => {
        commands.push(commandName);
        return next(request);
      });
      const store = new DynamoJobStore(client, await createTable());
      for (let times = 0; times < 20; times++) await store.checkHealth();
      expect(commands).toEqual(["GetItemCommand"]);
      const gone = new DynamoJobStore(client, "no-such-table");
      for (let times = 0; times < 2; times++) await expect(gone.checkHealth()).rejects.toThrow();
      expect(commands).toHaveLength(3);
    });

    test("tries again where another transaction is at the counts", async () => {
      const faults: Error[] = [];
      const store = await openStore(faults);
      const batch = aBatch();
      await store.createBatch(batch, { now: NOW });
      const item = aTranscription({ batchId: batch.id });
      faults.push(
        canceled("None", "TransactionConflict", "None"),
        canceled("None", "ThrottlingError", "None"),
      );
      expect(await store.createTranscription(item, { now: NOW })).toEqual({ outcome: "created" });
      expect(faults).toEqual([]);
      faults.push(canceled("None", "TransactionConflict", "None"));
      expect(await store.saveTranscription(item, enter(item, "processing", NOW))).toBe(true);
      expect((await store.getBatch(batch.id))?.counts).toEqual({ ...NO_COUNTS, processing: 1 });
    });

    test("does not try again what makes no sense", async () => {
      const faults = [canceled("ValidationError", "None")];
      const store = await openStore(faults);
      const idempotency = anIdempotencyRecord();
      await expect(store.createTranscription(aTranscription(), { now: NOW, idempotency })).rejects.toThrow(
        TransactionCanceledException,
      );
      expect(faults).toEqual([]);
    });

    test("refuses the cursor of another list, and one that was tampered with", async () => {
      const store = await openStore();
      for (let i = 0; i < 2; i++) await store.createTranscription(aTranscription(), { now: NOW });
      const { next } = await store.listTranscriptions({ owner: "ada", limit: 1 });
      const after = next as string;
      await expect(store.listBatches({ owner: "ada", limit: 1, after })).rejects.toThrow(InvalidCursorError);
      const padded = store.listTranscriptions({ owner: "ada", limit: 1, after: `${after}=` });
      await expect(padded).rejects.toThrow(InvalidCursorError);
    });

    test("lists a batch beyond what one call fetches, also by a state that few are in", async () => {
      const store = await openStore();
      const batch = aBatch();
      await store.createBatch(batch, { now: NOW });
      const items = Array.from({ length: 130 }, () => aTranscription({ batchId: batch.id }));
      for (const item of items) await store.createTranscription(item, { now: NOW });
      const [first] = items;
      await store.saveTranscription(first, enter(first, "failed", NOW));
      const query = { owner: "ada", batchId: batch.id, limit: 1000 };
      const all = await store.listTranscriptions(query);
      expect(all.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toReversed());
      const failed = await store.listTranscriptions({ ...query, state: "failed", limit: 1 });
      expect(failed).toMatchObject({ items: [{ id: first.id }], next: null });
    });

    test("spreads the counts of a batch, and adds them up to the last second", async () => {
      const store = await openStore();
      const batch = aBatch();
      await store.createBatch(batch, { now: NOW });
      for (let i = 0; i < 20; i++) {
        const item = aTranscription({ batchId: batch.id });
        await store.createTranscription(item, { now: NOW });
        const begun = enter(item, "processing", NOW);
        await store.saveTranscription(item, begun);
        await store.saveTranscription(begun, completed(begun, 0.1 + i));
      }
      const stored = await store.getBatch(batch.id);
      expect(stored?.counts).toEqual({ ...NO_COUNTS, completed: 20 });
      expect(stored?.audioSeconds).toBeCloseTo(192, 9);
    });
  });
});
