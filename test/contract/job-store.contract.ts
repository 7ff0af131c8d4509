import { beforeEach, describe, expect, test } from "vitest";
import type { ApiKey, Owner } from "../../src/jobs/owner.ts";
import type { JobStore } from "../../src/jobs/ports/index.ts";
import { describeBatches } from "./job-store-batches.ts";
import { describeTranscriptions } from "./job-store-transcriptions.ts";
import { NOW, nextId } from "./records.ts";

/** What every adapter of JobStore must do. `make` hands out an empty one each time. */
export function describeJobStore(name: string, make: () => Promise<JobStore>): void {
  describe(`${name} as a job store`, () => {
    describeTranscriptions(make);
    describeBatches(make);
    describeOwners(make);
  });
}

function describeOwners(make: () => Promise<JobStore>): void {
  describe("keys and owners", () => {
    let store: JobStore;
    beforeEach(async () => {
      store = await make();
    });

    const aKey = (changes: Partial<ApiKey> = {}): ApiKey => {
      const id = nextId("ke");
      return {
        id,
        hash: id,
        owner: "ada",
        name: "laptop",
        hint: "sk_1",
        createdAt: NOW,
        revokedAt: null,
        ...changes,
      };
    };
    const anOwner = (changes: Partial<Owner> = {}): Owner => {
      const webhookSecrets = [{ secret: "whsec_AAAA", createdAt: NOW, expiresAt: null }];
      return { id: "ada", revision: 1, createdAt: NOW, webhookSecrets, disabledEndpoints: [], ...changes };
    };

    test("finds a key by the hash of its secret", async () => {
      const keys = [aKey(), aKey({ owner: "bob" })];
      for (const key of keys) await store.createKey(key);
      expect(await store.findKey(keys[1].hash)).toEqual(keys[1]);
      expect(await store.findKey("another")).toBeNull();
    });

    test("lists every key", async () => {
      const keys = [aKey(), aKey({ owner: "bob" }), aKey()];
      for (const key of keys) await store.createKey(key);
      const byId = (a: ApiKey, b: ApiKey) => a.id.localeCompare(b.id);
      expect((await store.listKeys()).sort(byId)).toEqual(keys);
    });

    test("revokes a key, and finds it all the same", async () => {
      const key = aKey();
      await store.createKey(key);
      expect(await store.revokeKey(key.id, NOW)).toBe(true);
      expect(await store.findKey(key.hash)).toEqual({ ...key, revokedAt: NOW });
      expect(await store.revokeKey(nextId("ke"), NOW)).toBe(false);
    });

    test("creates an owner once", async () => {
      expect(await store.getOwner("ada")).toBeNull();
      const made = await Promise.all([1, 2, 3].map(() => store.saveOwner(null, anOwner())));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await store.getOwner("ada")).toEqual(anOwner());
    });

    test("replaces the owner that was read, or nothing", async () => {
      const first = anOwner();
      await store.saveOwner(null, first);
      const second = anOwner({ revision: 2, disabledEndpoints: ["https://example.com/gone"] });
      expect(await store.saveOwner(first, second)).toBe(true);
      expect(await store.saveOwner(first, anOwner({ revision: 2 }))).toBe(false);
      expect(await store.getOwner("ada")).toEqual(second);
      expect(await store.saveOwner(anOwner({ id: "bob" }), anOwner({ id: "bob", revision: 2 }))).toBe(false);
      expect(await store.getOwner("bob")).toBeNull();
    });

    test("is in good health", async () => {
      await expect(store.checkHealth()).resolves.toBeUndefined();
    });
  });
}
