import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toBatchResource } from "../../../../functions/api/resources/to-batch.ts";
import { createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { enqueueItems } from "../../../../src/jobs/batches/enqueue-items.ts";
import { finishListing } from "../../../../src/jobs/batches/finish-listing.ts";
import type { BatchItem } from "../../../../src/jobs/batches/item.ts";
import {
  ANN,
  batchOf,
  batchRequest,
  itemsOf,
  listedBatch,
  openArchive,
  readObject,
  workThrough,
} from "../../../support/archive.ts";

interface Line {
  source: string;
  id: string | null;
  status: string;
  error: { code: string } | null;
}

describe("what a listing leaves out", () => {
  test("is counted by reason and named in the summary: of a folder, links and names that are no UTF-8, too", async () => {
    const archive = await openArchive({
      "a.mp3": "a",
      "a.mp3.json": "{}",
      "notes.txt": "x",
      ".DS_Store": "x",
      "._a.mp3": "fork",
      "deep/__MACOSX/b.mp3": "fork",
      "deep/c.WMV": "c",
      ".git/config": "x",
    });
    await symlink(join(archive.folder, "a.mp3"), join(archive.folder, "link.mp3"));
    await mkdir(join(archive.folder, "elsewhere"));
    await symlink(join(archive.folder, "deep"), join(archive.folder, "elsewhere", "folder"));
    await writeFile(Buffer.concat([Buffer.from(`${archive.folder}/M\xfcller.mp3`, "latin1")]), "m");
    const batch = await listedBatch(archive);
    expect(batch.listing.leftOut).toEqual({
      other_extension: 2,
      hidden: 2,
      apple_double: 2,
      symbolic_link: 2,
      unreadable_name: 1,
    });
    expect(toBatchResource(batch, 0).left_out).toEqual(batch.listing.leftOut);
    const items = await itemsOf(archive.services, batch.id);
    expect(items.map(({ source }) => source.key)).toEqual(["a.mp3", "deep/c.WMV"]);
    await workThrough(archive.services);
    const { summaryKey } = await batchOf(archive.services, batch.id);
    const lines = (await readObject(archive.services, summaryKey!)).trimEnd().split("\n");
    const left = lines.map((line) => JSON.parse(line) as Line).filter(({ status }) => status === "left_out");
    expect(left.map(({ source, error }) => `${source} ${error?.code}`).sort()).toEqual([
      "tapes/.DS_Store hidden",
      "tapes/._a.mp3 apple_double",
      "tapes/.git/ hidden",
      "tapes/M\ufffdller.mp3 unreadable_name",
      "tapes/a.mp3.json other_extension",
      "tapes/deep/__MACOSX/b.mp3 apple_double",
      "tapes/elsewhere/folder symbolic_link",
      "tapes/link.mp3 symbolic_link",
      "tapes/notes.txt other_extension",
    ]);
  });

  test("of a bucket is told by its keys, once, however often a page of it comes", async () => {
    const { services } = await openArchive();
    const { record } = await createBatch(services, ANN, batchRequest(), null);
    const page = ["x/", "x/a.mp3", "x/._a.mp3", "x/b.jpg"].map(item);
    await enqueueItems(services, record.id, page);
    await enqueueItems(services, record.id, page);
    await enqueueItems(services, record.id, ["y/c.pdf", "y/d.ogg"].map(item));
    expect((await batchOf(services, record.id)).listing.leftOut).toBeUndefined();
    await finishListing(services, record.id);
    const batch = await batchOf(services, record.id);
    expect(batch.listing.leftOut).toEqual({ apple_double: 1, other_extension: 2 });
    expect(batch.counts.queued).toBe(2);
  });

  test("is nothing of a list that somebody wrote, and is left out again where a summary is such a list", async () => {
    const line = (source: string, status: string) => JSON.stringify({ source, status });
    const list = [line("tapes/a.txt", "failed"), line("tapes/b.txt", "left_out")].join("\n");
    const archive = await openArchive({ list, "a.txt": "a", "b.txt": "b" });
    const manifest = { bucket: "tapes", key: "list" };
    const batch = await listedBatch(archive, {
      source: { kind: "manifest", manifest, format: "jsonl", bucket: null },
    });
    expect(batch.listing.leftOut).toEqual({});
    expect((await itemsOf(archive.services, batch.id)).map(({ source }) => source.key)).toEqual(["a.txt"]);
  });
});

function item(key: string): BatchItem {
  return { bucket: null, key, etag: `etag of ${key}`, size: 1 };
}
