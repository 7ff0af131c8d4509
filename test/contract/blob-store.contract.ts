import { beforeEach, describe, expect, test } from "vitest";
import { BlobNotFoundError } from "../../src/jobs/errors.ts";
import type { BlobFacts, BlobRef, BlobStore } from "../../src/jobs/ports/index.ts";

export interface BlobStoreUnderTest {
  blobs: BlobStore;
  /** One that exists and is empty. */
  bucket: string;
}

/** What every adapter of BlobStore must do. Upload URLs are tested where there is a server to send them to. */
export function describeBlobStore(name: string, make: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    let blobs: BlobStore;
    let bucket: string;
    beforeEach(async () => {
      ({ blobs, bucket } = await make());
    });

    const at = (key: string): BlobRef => ({ bucket, key });
    const text = async (key: string) => (await bytes(key)).toString();
    const bytes = async (key: string) =>
      Buffer.concat(await Array.fromAsync((await blobs.get(at(key))).body));
    const keys = async (prefix: string, after?: string) =>
      (await Array.fromAsync(blobs.list(bucket, prefix, after))).map(({ key }) => key);
    const putAll = (all: readonly string[]) => Promise.all(all.map((key) => blobs.put(at(key), key)));

    test("keeps text in UTF-8", async () => {
      expect(await blobs.put(at("a/text.txt"), "größer 🎙")).toBe(true);
      expect(await text("a/text.txt")).toBe("größer 🎙");
    });

    test("keeps bytes", async () => {
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      await blobs.put(at("bytes"), all);
      expect(new Uint8Array(await bytes("bytes"))).toEqual(all);
    });

    test("keeps nothing at all", async () => {
      await blobs.put(at("empty"), "");
      expect(await bytes("empty")).toHaveLength(0);
      expect((await blobs.head(at("empty")))?.size).toBe(0);
    });

    test("keeps a stream, piece by piece, empty ones included", async () => {
      async function* pieces() {
        for (let i = 0; i < 12; i++) yield new Uint8Array(i % 4 === 3 ? 0 : 1_000_003).fill(i);
      }
      await blobs.put(at("stream"), pieces());
      const stored = await bytes("stream");
      expect(stored).toHaveLength(9 * 1_000_003);
      expect(stored.equals(Buffer.concat(await Array.fromAsync(pieces())))).toBe(true);
    });

    test("knows size, time and key", async () => {
      await blobs.put(at("a/facts"), "12345", { contentType: "text/plain" });
      const facts = (await blobs.head(at("a/facts"))) as BlobFacts;
      expect(facts).toMatchObject({ bucket, key: "a/facts", size: 5 });
      expect(new Date(facts.modifiedAt).toISOString()).toBe(facts.modifiedAt);
      const got = await blobs.get(at("a/facts"));
      expect(got.facts).toEqual(facts);
      expect(Buffer.concat(await Array.fromAsync(got.body)).toString()).toBe("12345");
      expect(await Array.fromAsync(blobs.list(bucket, ""))).toEqual([facts]);
    });

    test("replaces the whole, and its etag changes with the content", async () => {
      await blobs.put(at("same"), "first, the longer one");
      const first = await blobs.head(at("same"));
      expect(await blobs.put(at("same"), "second")).toBe(true);
      const second = await blobs.head(at("same"));
      expect(await text("same")).toBe("second");
      expect(second?.etag).not.toBe(first?.etag);
      expect(await blobs.head(at("same"))).toEqual(second);
    });

    test("puts no object over another where it must be absent", async () => {
      expect(await blobs.put(at("once"), "first", { ifAbsent: true })).toBe(true);
      expect(await blobs.put(at("once"), "second", { ifAbsent: true })).toBe(false);
      expect(await text("once")).toBe("first");
    });

    test("lets one of many win that put the same absent object at once", async () => {
      async function* slowly(word: string) {
        for (const letter of word) {
          await new Promise(setImmediate);
          yield Buffer.from(letter);
        }
      }
      const words = Array.from({ length: 8 }, (_, i) => `word ${i}`);
      const won = await Promise.all(
        words.map((word) => blobs.put(at("race/one"), slowly(word), { ifAbsent: true })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await text("race/one")).toBe(words[won.indexOf(true)]);
      expect(await keys("")).toEqual(["race/one"]);
    });

    test("stores nothing of a stream that fails, and leaves what was there", async () => {
      async function* broken() {
        yield Buffer.alloc(100_000);
        throw new Error("the line went dead");
      }
      await blobs.put(at("a/there"), "whole");
      await expect(blobs.put(at("a/there"), broken())).rejects.toThrow("the line went dead");
      await expect(blobs.put(at("b/new"), broken())).rejects.toThrow("the line went dead");
      await expect(blobs.put(at("b/new"), broken(), { ifAbsent: true })).rejects.toThrow(
        "the line went dead",
      );
      expect(await text("a/there")).toBe("whole");
      expect(await keys("")).toEqual(["a/there"]);
    });

    test("shows a reader the old object or the new one", async () => {
      const [old, fresh] = ["a", "b"].map((letter) => Buffer.alloc(3_000_000, letter));
      await blobs.put(at("whole"), old);
      const reading = await blobs.get(at("whole"));
      await blobs.put(at("whole"), fresh);
      expect(Buffer.concat(await Array.fromAsync(reading.body)).equals(old)).toBe(true);
      expect((await bytes("whole")).equals(fresh)).toBe(true);
    });

    test("lets a reader leave early", async () => {
      await blobs.put(at("long"), Buffer.alloc(5_000_000));
      for await (const piece of (await blobs.get(at("long"))).body) {
        expect(piece.length).toBeLessThan(5_000_000);
        break;
      }
      await blobs.delete(at("long"));
      expect(await blobs.head(at("long"))).toBeNull();
    });

    test("says what is not there", async () => {
      await blobs.put(at("a/b"), "x");
      for (const key of ["nothing", "a", "a/b/c", "a/bb", "A/b"]) {
        expect(await blobs.head(at(key))).toBeNull();
        await expect(blobs.get(at(key))).rejects.toThrow(BlobNotFoundError);
      }
    });

    test("deletes, and takes what is not there for deleted", async () => {
      await putAll(["a/b/c", "a/d"]);
      await blobs.delete(at("a/b/c"));
      await blobs.delete(at("a/b/c"));
      await blobs.delete(at("never/was"));
      expect(await keys("")).toEqual(["a/d"]);
      expect(await blobs.put(at("a/b/c"), "again", { ifAbsent: true })).toBe(true);
    });

    test("lists in the order of the keys' UTF-8 bytes", async () => {
      const order = [
        "A",
        "a b/1",
        "a!",
        "a-b",
        "a/b",
        "a/b-",
        "a/c/d",
        "a0",
        "b",
        "ä/x",
        "漢字/録音 1.wav",
        "\uffee",
        "\u{1f399}",
      ];
      await putAll(order.toReversed());
      expect(await keys("")).toEqual(order);
      for (const [i, key] of order.entries()) expect(await keys("", key)).toEqual(order.slice(i + 1));
    });

    test("lists what begins with a prefix, wherever that ends", async () => {
      await putAll(["a/b/1", "a/b/2", "a/b-", "a/c/1", "a/c1/x", "ab", "b/b/1"]);
      expect(await keys("a/b")).toEqual(["a/b-", "a/b/1", "a/b/2"]);
      expect(await keys("a/b/")).toEqual(["a/b/1", "a/b/2"]);
      expect(await keys("a/c")).toEqual(["a/c/1", "a/c1/x"]);
      expect(await keys("a")).toEqual(["a/b-", "a/b/1", "a/b/2", "a/c/1", "a/c1/x", "ab"]);
      expect(await keys("a/b/1")).toEqual(["a/b/1"]);
      expect(await keys("c")).toEqual([]);
      expect(await keys("a/b/1/")).toEqual([]);
    });

    test("goes on after a key, whether or not it is there", async () => {
      await putAll(["a/1", "a/2", "b/1", "b/2/x", "c"]);
      expect(await keys("", "a/1")).toEqual(["a/2", "b/1", "b/2/x", "c"]);
      expect(await keys("", "a/")).toEqual(["a/1", "a/2", "b/1", "b/2/x", "c"]);
      expect(await keys("", "b")).toEqual(["b/1", "b/2/x", "c"]);
      expect(await keys("", "b/2")).toEqual(["b/2/x", "c"]);
      expect(await keys("b/", "b/1")).toEqual(["b/2/x"]);
      expect(await keys("b/", "a")).toEqual(["b/1", "b/2/x"]);
      expect(await keys("b/", "c")).toEqual([]);
      expect(await keys("", "c")).toEqual([]);
    });

    test("lists more than one page of the backend, each object once", async () => {
      const many = Array.from({ length: 1100 }, (_, i) => `many/${String(i).padStart(4, "0")}`);
      await putAll(many);
      expect(await keys("many/")).toEqual(many);
    });

    test.each([
      "spaces and + plus",
      "percent %2F % 100",
      "question?&=#hash",
      "quotes ' \" `",
      "brackets [1] {2} (3) <4>",
      "combining e\u0301",
      "tab\tnewline\n",
      `${"long".repeat(60)}/${"ü".repeat(120)}`,
    ])("keeps the key %j as it is", async (key) => {
      await blobs.put(at(key), "here");
      expect(await text(key)).toBe("here");
      expect(await keys("")).toEqual([key]);
      await blobs.delete(at(key));
      expect(await keys("")).toEqual([]);
    });

    test("hands out a URL that reads one object, of its own", async () => {
      const options = {
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        contentType: "text/plain",
        contentDisposition: 'inline; filename="a b.txt"',
      };
      const { url, expiresAt } = await blobs.createDownloadUrl(at("down/a b.txt"), options);
      expect(expiresAt).toBe(options.expiresAt);
      expect(new URL(url).pathname).toContain("down/a%20b.txt");
    });

    test("begins uploads in parts, of which nothing is there before they are joined", async () => {
      const ref = at("up/parts.wav");
      const first = await blobs.parts.begin(ref, { contentType: "audio/wav" });
      const other = await blobs.parts.begin(ref, {});
      expect(first).not.toBe(other);
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const signed = await blobs.parts.sign(ref, first, [1, 3], { expiresAt, maxBytes: 1000 });
      expect(signed.map(({ number }) => number)).toEqual([1, 3]);
      expect(new Set(signed.map(({ url }) => url)).size).toBe(2);
      for (const { url } of signed) expect(new URL(url).pathname).toContain("up/parts.wav");
      expect(await blobs.parts.list(ref, first)).toEqual([]);
      expect(await blobs.head(ref)).toBeNull();
      await blobs.parts.drop(ref, first);
      await blobs.parts.drop(ref, first);
      expect((await blobs.parts.list(ref, first)) ?? []).toEqual([]);
    });

    test("hands out an upload URL with the headers it asks for", async () => {
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const upload = await blobs.createUploadUrl(at("up/a b.wav"), {
        expiresAt,
        contentType: "audio/wav",
        maxBytes: 1000,
      });
      const headers = { "Content-Type": "audio/wav", "If-None-Match": "*" };
      expect(upload).toMatchObject({ method: "PUT", expiresAt });
      expect(upload.headers).toEqual(headers);
      expect(URL.canParse(upload.url)).toBe(true);
      const free = await blobs.createUploadUrl(at("up/b.wav"), { expiresAt, maxBytes: 1000 });
      expect(free.headers).toEqual({ "If-None-Match": "*" });
      expect(await blobs.head(at("up/a b.wav"))).toBeNull();
    });
  });
}
