import { expect, test } from "vitest";
import { toBatchItem } from "../../../functions/enqueue-archive/row.ts";
import { makeListSourceHandler } from "../../../functions/list-source/handler.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { serviceWorld } from "../../support/service-world.ts";

const BATCH = "ba_00000000000000000000000000000001";
const PREFIX = { kind: "far_prefix", batch_id: BATCH, prefix: "1987/", after: "", part: 0 };

const textOf = async ({ blobs }: Services, { bucket, key }: { bucket: string; key: string }) =>
  Buffer.concat(await Array.fromAsync((await blobs.get({ bucket, key })).body)).toString();

test("a listing comes page by page, each object once, as enqueue-archive reads it", async () => {
  const { services } = await serviceWorld();
  const { bucket } = services;
  const keys = Array.from({ length: 7 }, (_, index) => `1987/ä "${index}".wav`);
  for (const key of [...keys, "1988/x.wav"]) await services.blobs.put({ bucket, key }, key);
  const list = makeListSourceHandler(services, { mostObjects: 3 });
  const found: string[] = [];
  let event: Record<string, unknown> = { ...PREFIX, bucket };
  for (;;) {
    const page = await list(event);
    // Once more, as after a lost answer: the same again.
    expect(await list(event)).toEqual(page);
    if (!("more" in page)) throw new Error("this is no page");
    const rows = (await textOf(services, page))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(page.count);
    const items = rows.map(toBatchItem);
    for (const item of items) {
      expect(item?.etag).toMatch(/./);
      expect(item?.size).toBeGreaterThan(0);
      found.push(item?.key ?? "");
    }
    if (!page.more) break;
    event = { ...event, after: page.after, part: page.part };
  }
  expect(found).toEqual(keys);
});

test("a prefix without objects is a page of none", async () => {
  const { services } = await serviceWorld();
  const page = await makeListSourceHandler(services)({ ...PREFIX, bucket: services.bucket });
  expect(page).toMatchObject({ count: 0, more: false });
});

test("a manifest is brought as it is, and is one of the service's own then", async () => {
  const { services } = await serviceWorld();
  const { bucket } = services;
  await services.blobs.put({ bucket, key: "lists/a.csv" }, "key\na.wav\n");
  const event = { kind: "far_csv", batch_id: BATCH, bucket, key: "lists/a.csv", items_bucket: "tapes" };
  const answer = await makeListSourceHandler(services)(event);
  expect(answer).toEqual({
    batch_id: BATCH,
    kind: "csv",
    bucket,
    key: `batches/${BATCH}/source/manifest.csv`,
  });
  expect(await textOf(services, answer)).toBe("key\na.wav\n");
});

test("a manifest that is not there, and an inventory, are errors by their names", async () => {
  const { services } = await serviceWorld();
  const list = makeListSourceHandler(services);
  const { bucket } = services;
  const gone = { kind: "far_csv", batch_id: BATCH, bucket, key: "gone.csv" };
  await expect(list(gone)).rejects.toMatchObject({ name: "SourceUnreadable" });
  await expect(list({ ...gone, kind: "far_s3_inventory" })).rejects.toThrow("An S3 Inventory must lie");
});
