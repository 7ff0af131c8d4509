import { beforeEach, describe, expect, test } from "vitest";
import { InvalidCursorError } from "../../src/jobs/errors.ts";
import type { DuePosition, JobStore } from "../../src/jobs/ports/index.ts";
import { amend, enter, type Transcription } from "../../src/jobs/transcription.ts";
import { allPages, anIdempotencyRecord, aTranscription, completed, NOW } from "./records.ts";

/** The part of the contract that is about transcriptions. */
export function describeTranscriptions(make: () => Promise<JobStore>): void {
  describe("transcriptions", () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await make();
    });

    const create = async (changes: Partial<Transcription> = {}) => {
      const record = aTranscription(changes);
      expect(await store.createTranscription(record, { now: NOW })).toEqual({ outcome: "created" });
      return record;
    };
    const save = async (before: Transcription, after: Transcription) => {
      expect(await store.saveTranscription(before, after)).toBe(true);
      return after;
    };
    const ids = (records: Transcription[]) => records.map(({ id }) => id);

    test("come back as they were created, as copies", async () => {
      const record = await create();
      const read = (await store.getTranscription(record.id)) as Transcription;
      expect(read).toEqual(record);
      read.metadata.changed = "yes";
      read.options.hotwords.pop();
      expect(await store.getTranscription(record.id)).toEqual(record);
      expect(await store.getTranscription("tr_0")).toBeNull();
    });

    test("are created once", async () => {
      const record = await create();
      const other = { ...record, owner: "bob" };
      expect(await store.createTranscription(other, { now: NOW })).toEqual({ outcome: "exists" });
      expect(await store.getTranscription(record.id)).toEqual(record);
    });

    test("are created by one of many who try at once", async () => {
      const record = aTranscription();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => store.createTranscription(record, { now: NOW })),
      );
      expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === "exists")).toHaveLength(9);
    });

    test("are replaced where they are as they were read", async () => {
      const first = await create();
      const second = await save(first, enter(first, "processing", NOW, { progress: 0.5 }));
      expect(await store.getTranscription(first.id)).toEqual(second);
      expect(await store.saveTranscription(first, amend(first, { progress: 0.1 }))).toBe(false);
      expect(await store.getTranscription(first.id)).toEqual(second);
    });

    test("are saved by one of many who read the same revision", async () => {
      const record = await create();
      const saved = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store.saveTranscription(record, amend(record, { progress: i / 10 })),
        ),
      );
      expect(saved.filter(Boolean)).toHaveLength(1);
      const progress = saved.indexOf(true) / 10;
      expect(await store.getTranscription(record.id)).toMatchObject({ revision: 2, progress });
    });

    test("are not made by saving", async () => {
      const record = aTranscription();
      expect(await store.saveTranscription(record, amend(record, {}))).toBe(false);
      expect(await store.getTranscription(record.id)).toBeNull();
    });

    test("must be saved one revision on", async () => {
      const record = await create();
      await expect(store.saveTranscription(record, { ...record, revision: 3 })).rejects.toThrow();
      await expect(store.saveTranscription(record, record)).rejects.toThrow();
      expect(await store.getTranscription(record.id)).toEqual(record);
    });

    test("are listed newest first, of one owner, in pages", async () => {
      const made: Transcription[] = [];
      for (let i = 0; i < 25; i++) made.push(await create({ createdAt: `2026-03-01T12:00:${10 + i}.000Z` }));
      await create({ owner: "bob" });
      const pages = await allPages((after) =>
        store.listTranscriptions({ owner: "ada", limit: 10, ...(after !== undefined && { after }) }),
      );
      expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
      expect(pages.flat()).toEqual(made.toReversed());
      const nobody = await store.listTranscriptions({ owner: "eve", limit: 10 });
      expect(nobody).toEqual({ items: [], next: null });
    });

    test("are each listed once where they were created in the same millisecond, by id", async () => {
      const made: Transcription[] = [];
      for (let i = 0; i < 20; i++) made.push(await create());
      const pages = await allPages((after) =>
        store.listTranscriptions({ owner: "ada", limit: 5, ...(after !== undefined && { after }) }),
      );
      expect(ids(pages.flat())).toEqual(ids(made).toReversed());
      expect(pages.flatMap((page) => page.length).filter((length) => length > 0)).toEqual([5, 5, 5, 5]);
    });

    test("that come in between pages shift nothing", async () => {
      const old = [await create(), await create(), await create()];
      const first = await store.listTranscriptions({ owner: "ada", limit: 2 });
      await create({ createdAt: "2026-03-01T13:00:00.000Z" });
      const after = first.next as string;
      const second = await store.listTranscriptions({ owner: "ada", limit: 2, after });
      expect(ids([...first.items, ...second.items])).toEqual(ids(old).toReversed());
    });

    test("are listed by the state they are in now", async () => {
      const [waiting, begun] = [await create(), await create()];
      await save(begun, enter(begun, "processing", NOW));
      const of = async (state: Transcription["state"]) =>
        ids((await store.listTranscriptions({ owner: "ada", state, limit: 10 })).items);
      expect(await of("queued")).toEqual([waiting.id]);
      expect(await of("processing")).toEqual([begun.id]);
      expect(await of("failed")).toEqual([]);
    });

    test("are listed from one time on and before another, in pages and by state", async () => {
      const at = (minute: number) => `2026-03-01T12:0${minute}:00.000Z`;
      const made: Transcription[] = [];
      for (let i = 0; i < 8; i++) made.push(await create({ createdAt: at(i) }));
      const range = { owner: "ada", createdFrom: at(2), createdBefore: at(6) };
      const expected = ids(made.slice(2, 6)).toReversed();
      for (const state of [undefined, "queued"] as const) {
        const pages = await allPages((after) =>
          store.listTranscriptions({
            ...range,
            limit: 3,
            ...(state && { state }),
            ...(after !== undefined && { after }),
          }),
        );
        expect(pages.map((page) => ids(page))).toEqual([expected.slice(0, 3), expected.slice(3)]);
      }
      const one = async (query: { createdFrom?: string; createdBefore?: string }) =>
        ids((await store.listTranscriptions({ owner: "ada", limit: 10, ...query })).items).toReversed();
      expect(await one({ createdFrom: at(6) })).toEqual(ids(made.slice(6)));
      expect(await one({ createdBefore: at(2) })).toEqual(ids(made.slice(0, 2)));
      expect(await one({ createdFrom: at(5), createdBefore: at(5) })).toEqual([]);
      expect(await one({ createdFrom: at(6), createdBefore: at(5) })).toEqual([]);
    });

    test("are counted by day and key when they end, each once", async () => {
      const end = async (keyId: string | null, day: string, state: "completed" | "failed" | "canceled") => {
        const record = await create({ keyId });
        const begun = await save(record, enter(record, "processing", NOW));
        const time = `${day}T23:59:59.999Z`;
        const audio = { sha256: "00", duration: 7.5, sampleRate: 16000, channels: 1, codec: "mp3" };
        const ended = enter(begun, state, time, state === "completed" ? { audio } : {});
        expect(await store.saveTranscription(begun, ended)).toBe(true);
        expect(await store.saveTranscription(begun, ended)).toBe(false);
        return ended;
      };
      const done = await end("ke_1", "2026-03-01", "completed");
      await end("ke_1", "2026-03-01", "completed");
      await end("ke_1", "2026-03-01", "failed");
      await end("ke_2", "2026-03-01", "canceled");
      await end(null, "2026-03-02", "completed");
      await end("ke_1", "2026-03-04", "completed");
      await save(done, enter(done, "deleted", NOW));
      const refused = aTranscription({ state: "failed", times: { failed: "2026-03-03T00:00:00.000Z" } });
      await store.createTranscription(refused, { now: NOW });
      const none = { completed: 0, failed: 0, canceled: 0, audioSeconds: 0 };
      const first = [
        { ...none, day: "2026-03-01", keyId: "ke_1", completed: 2, failed: 1, audioSeconds: 15 },
        { ...none, day: "2026-03-01", keyId: "ke_2", canceled: 1 },
      ];
      expect(await store.listUsage("ada", "2026-03-01", "2026-03-03")).toEqual([
        ...first,
        { ...none, day: "2026-03-02", keyId: null, completed: 1, audioSeconds: 7.5 },
        { ...none, day: "2026-03-03", keyId: null, failed: 1 },
      ]);
      expect(await store.listUsage("ada", "2026-03-01", "2026-03-01")).toEqual(first);
      expect(await store.listUsage("bob", "2026-01-01", "2026-12-31")).toEqual([]);
    });

    test.each(["", "x", "null", "Zm9v", "e30", "WyJhIl0", "../../etc/passwd", "💥"])(
      "are not listed after %j, which is no cursor",
      async (after) => {
        await create();
        await expect(store.listTranscriptions({ owner: "ada", limit: 1, after })).rejects.toThrow(
          InvalidCursorError,
        );
      },
    );

    test("are due earliest first, up to now, as many as asked for", async () => {
      const at = (second: number) => `2026-03-01T12:00:0${second}.000Z`;
      const [late, early, now] = [
        await create({ dueAt: at(3) }),
        await create({ dueAt: at(1), owner: "bob" }),
        await create({ dueAt: at(5) }),
      ];
      await create({ dueAt: at(6) });
      await create();
      const due = async (limit: number, after?: DuePosition) => {
        const { items, next } = await store.dueTranscriptions(at(5), limit, after);
        return { ids: ids(items), next };
      };
      expect(await due(10)).toEqual({ ids: ids([early, late, now]), next: null });
      const next = { dueAt: at(3), id: late.id };
      expect(await due(2)).toEqual({ ids: ids([early, late]), next });
      // What was met is not met again, whether or not it is still due.
      expect(await due(2, next)).toEqual({ ids: [now.id], next: null });
      expect(await due(2, { dueAt: at(5), id: now.id })).toEqual({ ids: [], next: null });
      await save(early, amend(early, { dueAt: null }));
      await save(late, amend(late, { dueAt: at(9) }));
      expect(await due(10)).toEqual({ ids: [now.id], next: null });
    });

    test("are found by what they did, while they are completed", async () => {
      const queued = await create();
      const begun = await save(queued, enter(queued, "processing", NOW));
      expect(await store.findDone("digest")).toBeNull();
      const done = await save(begun, completed(begun, 10, { doneKey: "digest" }));
      expect(await store.findDone("digest")).toBe(done.id);
      expect(await store.findDone("other")).toBeNull();
      await save(done, enter(done, "deleted", NOW));
      expect(await store.findDone("digest")).toBeNull();
    });

    test("are found again when one of two that did the same is deleted", async () => {
      const done: Transcription[] = [];
      for (let i = 0; i < 2; i++) {
        const queued = await create();
        const begun = await save(queued, enter(queued, "processing", NOW));
        done.push(await save(begun, completed(begun, 10, { doneKey: "digest" })));
      }
      expect(ids(done)).toContain(await store.findDone("digest"));
      await save(done[1], enter(done[1], "deleted", NOW, { doneKey: null }));
      expect(await store.findDone("digest")).toBe(done[0].id);
    });

    test("are not created again for an idempotency key", async () => {
      const record = aTranscription();
      const idempotency = anIdempotencyRecord({ subjectId: record.id });
      expect(await store.createTranscription(record, { now: NOW, idempotency })).toEqual({
        outcome: "created",
      });
      const again = aTranscription();
      const other = anIdempotencyRecord({ subjectId: again.id, fingerprint: "beef" });
      expect(await store.createTranscription(again, { now: NOW, idempotency: other })).toEqual({
        outcome: "idempotency_key_used",
        record: idempotency,
      });
      expect(await store.getTranscription(again.id)).toBeNull();
    });

    test("are found again by their idempotency key, until it is free", async () => {
      const record = aTranscription();
      const idempotency = anIdempotencyRecord({ subjectId: record.id });
      const { owner, key, expiresAt } = idempotency;
      expect(await store.findIdempotency(owner, key, NOW)).toBeNull();
      await store.createTranscription(record, { now: NOW, idempotency });
      expect(await store.findIdempotency(owner, key, NOW)).toEqual(idempotency);
      expect(await store.findIdempotency("another", key, NOW)).toBeNull();
      expect(await store.findIdempotency(owner, key, expiresAt)).toBeNull();
    });

    test("are created once by many with one idempotency key at once", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => {
          const record = aTranscription();
          const idempotency = anIdempotencyRecord({ subjectId: record.id });
          return store.createTranscription(record, { now: NOW, idempotency });
        }),
      );
      const used = outcomes.filter(({ outcome }) => outcome === "idempotency_key_used");
      expect(used).toHaveLength(9);
      const { items } = await store.listTranscriptions({ owner: "ada", limit: 10 });
      expect(items).toHaveLength(1);
      for (const outcome of used) expect(outcome).toMatchObject({ record: { subjectId: items[0].id } });
    });

    test("are created with a key that another owner uses, or whose time is over", async () => {
      const expiresAt = "2026-03-01T12:00:01.000Z";
      const later = "2026-03-01T12:00:01.001Z";
      const use = (now: string, owner = "ada") =>
        store.createTranscription(aTranscription({ owner }), {
          now,
          idempotency: anIdempotencyRecord({
            owner,
            expiresAt: now === NOW ? expiresAt : "2026-03-03T00:00:00.000Z",
          }),
        });
      expect(await use(NOW)).toEqual({ outcome: "created" });
      expect(await use(NOW, "bob")).toEqual({ outcome: "created" });
      expect(await use(later)).toEqual({ outcome: "created" });
      expect(await use(later)).toMatchObject({ outcome: "idempotency_key_used" });
    });
  });
}
