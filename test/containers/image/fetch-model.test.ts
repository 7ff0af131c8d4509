import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchModel } from "../../../containers/worker/fetch-model.ts";
import { warmUp } from "../../../containers/worker/warm-up.ts";
import { PackError, Transcriber } from "../../../src/asr/index.ts";
import { BlobNotFoundError } from "../../../src/jobs/errors.ts";
import type { BlobStore } from "../../../src/jobs/ports/index.ts";
import { BUNDLED_MODEL } from "../../e2e/support/local-service.ts";
import { serviceWorld } from "../../support/service-world.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const MANIFEST = JSON.parse(await readFile(join(BUNDLED_MODEL, "model.json"), "utf8"));
const FILES = ["model.json", ...Object.keys(MANIFEST.files)];

/** The bundled pack in a bucket, and a count of what is read of it. */
async function world() {
  const { services } = await serviceWorld();
  for (const name of FILES)
    await services.blobs.put(
      { bucket: "service", key: `models/en/${name}` },
      await readFile(join(BUNDLED_MODEL, name)),
    );
  const reads: string[] = [];
  const blobs: BlobStore = Object.create(services.blobs, {
    get: {
      value: (ref: Parameters<BlobStore["get"]>[0]) => {
        reads.push(ref.key.split("/").at(-1)!);
        return services.blobs.get(ref);
      },
    },
  });
  return { services: { ...services, blobs }, blobs: services.blobs, reads, cache: await temporaryFolder() };
}

test.each(["s3://service/models/en/", "s3://service/models/en"])("%s is fetched once", async (model) => {
  const { services, reads, cache } = await world();
  const folder = await fetchModel(services, model, cache);
  expect((await readdir(folder)).sort()).toEqual(FILES.sort());
  expect(await readdir(cache)).toHaveLength(1);
  reads.length = 0;
  expect(await fetchModel(services, model, cache)).toBe(folder);
  expect(reads).toEqual(["model.json"]);
});

test("several workers that fetch at once end with one pack", async () => {
  const { services, cache } = await world();
  const fetches = [1, 2, 3].map(() => fetchModel(services, "s3://service/models/en/", cache));
  expect(new Set(await Promise.all(fetches)).size).toBe(1);
  expect(await readdir(cache)).toHaveLength(1);
});

test("a file that is not the one its manifest describes is refused, and nothing is kept", async () => {
  const { services, blobs, cache } = await world();
  await blobs.put({ bucket: "service", key: "models/en/tokens.txt" }, "another's tokens");
  await expect(fetchModel(services, "s3://service/models/en/", cache)).rejects.toThrow(PackError);
  expect(await readdir(cache)).toEqual([]);
});

test("a broken copy in the cache is fetched again", async () => {
  const { services, cache } = await world();
  const folder = await fetchModel(services, "s3://service/models/en/", cache);
  await writeFile(join(folder, "decoder.onnx"), "half of it");
  expect(await fetchModel(services, "s3://service/models/en/", cache)).toBe(folder);
  const original = await readFile(join(BUNDLED_MODEL, "decoder.onnx"));
  expect(original.equals(await readFile(join(folder, "decoder.onnx")))).toBe(true);
});

test("a pack that is not there says so; a folder is taken as it is", async () => {
  const { services, cache } = await world();
  await expect(fetchModel(services, "s3://service/elsewhere/", cache)).rejects.toThrow(BlobNotFoundError);
  expect(await fetchModel(services, "/opt/model", cache)).toBe("/opt/model");
});

test("the warm-up goes through every stage of the model", async () => {
  const transcriber = await Transcriber.load(BUNDLED_MODEL, { device: "cpu" });
  try {
    expect(await warmUp(transcriber)).toBeGreaterThan(0);
    const times = transcriber.stageTimes();
    for (const stage of ["frontend", "encoder", "beam", "rescoring"] as const)
      expect(times[stage]).toBeGreaterThan(0);
  } finally {
    await transcriber.close();
  }
});
