import fc from "fast-check";
import { expect, test } from "vitest";
import { enterBatch } from "../../../src/jobs/batch.ts";
import { writeSummary } from "../../../src/jobs/batches/write-summary.ts";
import { batchSummaryKey } from "../../../src/jobs/object-keys.ts";
import { updateBatch } from "../../../src/jobs/update.ts";
import { acceptMessage } from "../../../src/jobs/work/index.ts";
import { type ApiWorld, apiWorld, failTranscription, transcribe } from "../../support/api-world.ts";
import { readDocument } from "../../support/openapi-document.ts";
import { putPart } from "../../support/put-part.ts";
import {
  BODIES,
  checkAnswer,
  type ExistingIds,
  type FuzzRequest,
  formHeader,
  requestsOf,
  SOURCE,
  toRequest,
} from "./fuzz-requests.ts";

const REQUESTS = 5000;
/** Transcriptions and batches in every state. */
async function furnish(world: ApiWorld): Promise<ExistingIds> {
  const create = async (path: string, body: object): Promise<string> => {
    const headers = { authorization: `Bearer ${world.keys.ann}`, "content-type": "application/json" };
    const answer = await world.app.request(path, { method: "POST", headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { id: string }).id;
  };
  const webhook = { url: "https://example.com/h" };
  const transcription = (more = {}) => create("/v1/transcriptions", { file_name: "a.wav", ...more });
  const [awaiting, done, told, failed] = await Promise.all(
    [{}, {}, { webhook }, { webhook }].map(transcription),
  );
  const queued = await transcription({ source: SOURCE });
  const inParts = () => transcription({ upload: { size: 20_000_000 } });
  const [begun, joined] = [await inParts(), await inParts()];
  await transcribe(world, joined);
  const parted = await transcription({ upload: { size: 4 } });
  await putPart(world, (await world.services.store.getTranscription(parted))!, 1, 4);
  await transcribe(world, done);
  await transcribe(world, told);
  await failTranscription(world, failed);
  const batch = () => create("/v1/batches", { source: { bucket: "tapes", prefix: "" }, webhook });
  const [listing, over] = [await batch(), await batch()];
  const { store } = world.services;
  await store.skipBatchItem({ batchId: over, itemId: "i", source: SOURCE, transcriptionId: done });
  await updateBatch(store, over, (record) => enterBatch(record, "processing", "2026-03-01T12:00:01.000Z"));
  await writeSummary(world.services, (await store.getBatch(over))!);
  await updateBatch(store, over, (record) =>
    enterBatch(record, "completed", "2026-03-01T12:00:02.000Z", { summaryKey: batchSummaryKey(over) }),
  );
  return {
    transcriptions: [awaiting, parted, done, told, failed, queued, begun, joined, `tr_${"0".repeat(32)}`],
    batches: [listing, over, `ba_${"0".repeat(32)}`],
    keys: [await create("/v1/keys", {}), await create("/v1/keys", {}), `ke_${"0".repeat(32)}`],
  };
}

/** What a worker does with the oldest message. */
async function transcribeNext(world: ApiWorld): Promise<void> {
  const { queues } = world.services;
  const [message] = await queues.transcribe.receive({ most: 1, waitSeconds: 0, visibilitySeconds: 60 });
  if (!message) return;
  await queues.transcribe.delete(message);
  for (const id of await acceptMessage(world.services, message.body)) {
    const record = await world.services.store.getTranscription(id);
    if (record?.state === "queued") await transcribe(world, id);
  }
}

/** The calls that the service itself answers: uploads are answered by who keeps the recordings. */
async function callsOf({ app }: ApiWorld) {
  const { document, calls } = await readDocument(app);
  return { document, calls: calls.filter(({ path }) => !path.startsWith("/uploads/")) };
}

test("each call succeeds with what is there, and is refused without a key and with what makes no sense", async () => {
  const world: ApiWorld = await apiWorld({ requestsPerMinute: 1e9 }, undefined, {
    pause: () => transcribeNext(world),
  });
  const { document, calls } = await callsOf(world);
  // Those that change nothing come first, and leave all to each other.
  let ids = await furnish(world);
  for (const call of calls.toSorted((a, b) => Number(a.method !== "get") - Number(b.method !== "get"))) {
    if (call.method !== "get") ids = await furnish(world);
    const statuses = new Set<number>();
    const ask = async (id: number | string, more: Partial<FuzzRequest> = {}) => {
      const body = BODIES[call.operation.operationId] ?? null;
      const request = { call, id, query: [], headers: formHeader(call), body, head: false, ...more };
      const answer = await world.app.fetch(toRequest(request, ids, world.keys.ann));
      statuses.add(answer.status);
      await checkAnswer(document, request, answer);
    };
    const kinds = call.path.includes("{id}") ? Math.max(...Object.values(ids).map((of) => of.length)) : 1;
    for (let id = 0; id < kinds; id++) await ask(id);
    await ask(0, { headers: [["authorization", "Bearer sk_none"], ...formHeader(call)] });
    await ask("x y", { query: [["limit", "x"]], body: BODIES[call.operation.operationId] ? "{" : null });
    const found = [...statuses];
    const { operationId } = call.operation;
    expect([operationId, found.some((status) => status < 400)]).toEqual([operationId, true]);
    if (call.path.startsWith("/v1/"))
      expect([operationId, ...found]).toEqual(expect.arrayContaining([operationId, 400, 401]));
  }
});

test(`whatever is asked, the answer is a declared one (${REQUESTS} requests)`, async () => {
  const world: ApiWorld = await apiWorld({ requestsPerMinute: 1e9 }, undefined, {
    // Half of those that are waited for are done meanwhile.
    pause: async () => {
      if (asked % 2 === 0) await transcribeNext(world);
    },
  });
  const { document, calls } = await callsOf(world);
  let ids: ExistingIds = { transcriptions: [], batches: [], keys: [] };
  let asked = 0;
  let succeeded = 0;
  const property = fc.asyncProperty(
    fc.oneof(...calls.map((call) => requestsOf(document, call))),
    fc.constantFrom("ann", "ann", "ann", "ann", "bob" as const),
    async (request, owner) => {
      // Requests delete and cancel: there must always be something left to do that to.
      if (asked++ % 200 === 0) ids = await furnish(world);
      const answer = await world.app.fetch(toRequest(request, ids, world.keys[owner as "ann" | "bob"]));
      if (answer.status < 400) succeeded++;
      await checkAnswer(document, request, answer);
    },
  );
  await fc.assert(property, { numRuns: REQUESTS, endOnFailure: true });
  expect(world.logged.filter(({ level }) => level === "error")).toEqual([]);
  // As it goes, two of five: they are not all refused at the door.
  expect(succeeded).toBeGreaterThan(REQUESTS / 10);
});
