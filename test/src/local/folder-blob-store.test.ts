import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { BlobNotFoundError, InvalidRequestError, StorageReadOnlyError } from "../../../src/jobs/errors.ts";
import { compareUtf8 } from "../../../src/local/folder/utf8-order.ts";
import { describeBlobStore } from "../../contract/blob-store.contract.ts";
import { folderBucket } from "./folder-bucket.ts";

describeBlobStore("FolderBlobStore", folderBucket);

const at = (key: string) => ({ bucket: "service", key });

describe("a key that is no path below the folder", () => {
  test.each([
    "",
    "/",
    "/etc/passwd",
    "..",
    "../secret",
    "a/../../secret",
    "a/..",
    "./a",
    "a/./b",
    ".",
    "a//b",
    "a/",
    "a\0b",
    "..\\secret",
    "C:\\secret",
    "a/.hidden",
    ".tmp/x",
    "a".repeat(256),
    `a/${"ü".repeat(128)}`,
    `${"a/".repeat(512)}a`,
    "a\ud800b",
  ])("%j holds nothing and takes nothing", async (key) => {
    const { blobs, outside } = await folderBucket();
    await writeFile(join(outside, "secret"), "secret");
    expect(await blobs.head(at(key))).toBeNull();
    await expect(blobs.get(at(key))).rejects.toThrow(BlobNotFoundError);
    await expect(blobs.put(at(key), "x")).rejects.toThrow(InvalidRequestError);
    await expect(blobs.put(at(key), "x", { ifAbsent: true })).rejects.toThrow(InvalidRequestError);
    const url = blobs.createUploadUrl(at(key), { expiresAt: "2026-03-01T13:00:00.000Z", maxBytes: 1 });
    await expect(url).rejects.toThrow(InvalidRequestError);
    await blobs.delete(at(key));
    expect(await Array.fromAsync(blobs.list("service", key))).toEqual([]);
    expect((await readdir(outside)).sort()).toEqual(["archive", "secret", "service"]);
    expect(await readdir(join(outside, "service"))).toEqual([]);
  });

  test.each([
    ["a file", "link", "secret.txt", "link"],
    ["a folder", "link", "other", "link/secret"],
    ["a folder on the way", "a/link", "other", "a/link/deep/secret"],
    ["nothing", "link", "missing", "link"],
    ["a file of the bucket itself", "link", "service/real", "link"],
  ])("a symbolic link to %s is none", async (_, link, target, key) => {
    const { blobs, outside, folder } = await folderBucket();
    await mkdir(join(outside, "other/deep"), { recursive: true });
    const secrets = ["secret.txt", "other/secret", "other/deep/secret", "service/real"];
    for (const secret of secrets) await writeFile(join(outside, secret), "secret");
    await mkdir(join(folder, "a"));
    await symlink(join(outside, target), join(folder, link));
    expect(await blobs.head(at(key))).toBeNull();
    await expect(blobs.get(at(key))).rejects.toThrow(BlobNotFoundError);
    await blobs.delete(at(key));
    const put = blobs.put(at(`${key}/new`), "x");
    await expect(put).rejects.toThrow(InvalidRequestError);
    const listed = await Array.fromAsync(blobs.list("service", ""));
    expect(listed.map((facts) => facts.key)).toEqual(["real"]);
    for (const secret of secrets) expect(await readFile(join(outside, secret), "utf8")).toBe("secret");
    expect(await readdir(join(outside, "other"))).toEqual(["deep", "secret"]);
    expect(await readdir(join(outside, "other/deep"))).toEqual(["secret"]);
  });

  test("a link at the place of an object is replaced, not followed", async () => {
    const { blobs, outside, folder } = await folderBucket();
    await writeFile(join(outside, "secret"), "secret");
    await symlink(join(outside, "secret"), join(folder, "link"));
    await blobs.put(at("link"), "mine");
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
    expect(await readFile(join(folder, "link"), "utf8")).toBe("mine");
  });
});

describe("FolderBlobStore", () => {
  test("knows only the buckets that it was told of", async () => {
    const { blobs } = await folderBucket();
    for (const bucket of ["other", "..", "", "service/../archive"]) {
      const ref = { bucket, key: "a" };
      expect(await blobs.head(ref)).toBeNull();
      await expect(blobs.get(ref)).rejects.toThrow(BlobNotFoundError);
      await expect(blobs.put(ref, "x")).rejects.toThrow(InvalidRequestError);
      await expect(Array.fromAsync(blobs.list(bucket, ""))).rejects.toThrow(InvalidRequestError);
      await blobs.delete(ref);
    }
  });

  test("says that a bucket's folder is gone rather than that it is empty", async () => {
    const { blobs, folder } = await folderBucket();
    await rm(folder, { recursive: true });
    await expect(Array.fromAsync(blobs.list("service", ""))).rejects.toThrow("not there");
  });

  test("refuses a key below a file and one that is a folder", async () => {
    const { blobs } = await folderBucket();
    await blobs.put(at("a/b"), "x");
    for (const key of ["a/b/c", "a/b/c/d", "a"])
      for (const ifAbsent of [true, false])
        await expect(blobs.put(at(key), "y", { ifAbsent })).rejects.toThrow(InvalidRequestError);
  });

  test("shows no hidden files, pipes or unfinished objects, and does not wait for a pipe", async () => {
    const { blobs, folder } = await folderBucket();
    await mkdir(join(folder, ".git"));
    for (const name of [".git/config", ".DS_Store", "back\\slash", "seen"])
      await writeFile(join(folder, name), "x");
    execFileSync("mkfifo", [join(folder, "pipe")]);
    async function* looking() {
      yield Buffer.from("x");
      const listed = await Array.fromAsync(blobs.list("service", ""));
      expect(listed.map(({ key }) => key)).toEqual(["seen"]);
      expect(await Array.fromAsync(blobs.list("service", ".tmp/"))).toEqual([]);
    }
    await blobs.put(at("new"), looking());
    expect(await blobs.head(at("pipe"))).toBeNull();
    await expect(blobs.get(at("pipe"))).rejects.toThrow(BlobNotFoundError);
  });

  test("creates nothing in a folder that is only read", async () => {
    const { blobs, folder } = await folderBucket();
    await blobs.head(at("a"));
    await blobs.get(at("a")).catch(() => null);
    await Array.fromAsync(blobs.list("service", ""));
    await blobs.delete(at("a"));
    expect(await readdir(folder)).toEqual([]);
  });

  test("removes a transcription's own folder with its last file, and nobody else's", async () => {
    const { blobs, folder } = await folderBucket();
    const id = `tr_${"0".repeat(32)}`;
    const keys = [`uploads/${id}/a.wav`, `uploads/${id}/b.wav`, "inbox/ada/c.wav"];
    for (const key of keys) await blobs.put(at(key), "x");
    await blobs.delete(at(keys[0]));
    expect(await readdir(join(folder, "uploads"))).toEqual([id]);
    await blobs.delete(at(keys[1]));
    await blobs.delete(at(keys[2]));
    expect(await readdir(join(folder, "uploads"))).toEqual([]);
    expect(await readdir(join(folder, "inbox"))).toEqual(["ada"]);
  });

  test("leaves no unfinished file, whatever becomes of the object", async () => {
    const { blobs, folder } = await folderBucket();
    async function* broken() {
      yield Buffer.alloc(10);
      throw new Error("broken");
    }
    async function* overtaken() {
      yield Buffer.alloc(10);
      await blobs.put(at("a/b"), "faster");
    }
    await expect(blobs.put(at("a/b"), broken())).rejects.toThrow("broken");
    expect(await blobs.put(at("a/b"), overtaken(), { ifAbsent: true })).toBe(false);
    await expect(blobs.put(at("a"), "a folder is there")).rejects.toThrow(InvalidRequestError);
    expect(await blobs.put(at("a/b"), "replaced")).toBe(true);
    expect(await blobs.put(at("c"), "new", { ifAbsent: true })).toBe(true);
    expect(await readdir(join(folder, ".tmp"))).toEqual([]);
  });

  test("finds its way where folders vanish while objects are put into them", async () => {
    const { blobs } = await folderBucket();
    const own = `uploads/tr_${"0".repeat(32)}`;
    const churn = async (name: string) => {
      for (let i = 0; i < 150; i++) {
        expect(await blobs.put(at(`${own}/${name}`), String(i), { ifAbsent: true })).toBe(true);
        await blobs.delete(at(`${own}/${name}`));
      }
    };
    await Promise.all(["a", "b", "c", "d"].map(churn));
    expect(await Array.fromAsync(blobs.list("service", ""))).toEqual([]);
  });

  test("passes over what vanishes during the walk", async () => {
    const { blobs, folder } = await folderBucket();
    for (const key of ["a", "b", "c/d", "c/e", "f"]) await blobs.put(at(key), "x");
    const seen: string[] = [];
    for await (const { key } of blobs.list("service", "")) {
      seen.push(key);
      if (key === "a") await rm(join(folder, "b"));
      if (key === "a") await rm(join(folder, "c"), { recursive: true });
    }
    expect(seen).toEqual(["a", "f"]);
  });

  test("clears away what a process that died left unfinished a day ago", async () => {
    const { blobs, folder, clock } = await folderBucket();
    await mkdir(join(folder, ".tmp"));
    const hoursAgo = (hours: number) => clock.now() / 1000 - hours * 3600;
    for (const [name, hours] of [
      ["old", 25],
      ["recent", 23],
    ] as const) {
      await writeFile(join(folder, ".tmp", name), "half");
      await utimes(join(folder, ".tmp", name), hoursAgo(hours), hoursAgo(hours));
    }
    await blobs.put(at("a"), "x");
    expect(await readdir(join(folder, ".tmp"))).toEqual(["recent"]);
  });

  test("notices an edit that keeps the size", async () => {
    const { blobs, folder } = await folderBucket();
    await blobs.put(at("a"), "1111");
    const before = await blobs.head(at("a"));
    await writeFile(join(folder, "a"), "2222");
    await utimes(join(folder, "a"), 1, 1);
    expect((await blobs.head(at("a")))?.etag).not.toBe(before?.etag);
  });

  test("reports a folder that it may not write to, and reads it all the same", async () => {
    const { blobs, folder } = await folderBucket();
    await writeFile(join(folder, "a"), "there");
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: be nobody for a moment.
      await chmod(join(folder, ".."), 0o755);
      process.seteuid?.(65534);
      onTestFinished(() => process.seteuid?.(0));
    }
    await expect(blobs.put(at("b"), "x")).rejects.toThrow(StorageReadOnlyError);
    await expect(blobs.delete(at("a"))).rejects.toThrow(StorageReadOnlyError);
    expect((await Array.fromAsync(blobs.list("service", ""))).map(({ key }) => key)).toEqual(["a"]);
    expect(Buffer.concat(await Array.fromAsync((await blobs.get(at("a"))).body)).toString()).toBe("there");
  });
});

test("keys are ordered as their bytes are", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(Math.sign(compareUtf8(a, b))).toBe(bytes);
    }),
  );
});
