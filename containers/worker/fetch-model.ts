import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { loadPack, PackError } from "../../src/asr/index.ts";
import { InvalidRequestError } from "../../src/jobs/errors.ts";
import type { BlobRef, BlobStore, Log } from "../../src/jobs/ports/index.ts";

const LOCATION = /^s3:\/\/(?<bucket>[^/]+)\/(?<prefix>.*)$/;
const MANIFEST = z.looseObject({ files: z.record(z.string().regex(/^[\w.-]+$/), z.unknown()) });

/**
 * The folder of a model pack that lies in a folder already, or in S3 as s3://bucket/prefix/: then it is fetched into
 * the cache, unless it is there, under the name of its manifest's digest. Every file is verified before the folder gets
 * that name. Throws PackError, BlobNotFoundError.
 */
export async function fetchModel(
  { blobs, log }: { blobs: BlobStore; log: Log },
  model: string,
  cache: string,
): Promise<string> {
  if (!model.startsWith("s3://")) return model;
  const { bucket, prefix } = LOCATION.exec(model)?.groups ?? {};
  if (bucket === undefined) throw new InvalidRequestError(`${model} is no model: s3://bucket/prefix/`);
  const at = (name: string): BlobRef => ({ bucket, key: prefix.replace(/(?<=[^/])$/, "/") + name });
  const manifest = await buffer((await blobs.get(at("model.json"))).body);
  const folder = join(cache, createHash("sha256").update(manifest).digest("hex").slice(0, 32));
  if (await isWhole(folder, log)) return folder;
  const part = `${folder}.${randomUUID()}.part`;
  try {
    await mkdir(part, { recursive: true });
    await writeFile(join(part, "model.json"), manifest);
    await Promise.all(
      filesOf(manifest).map(async (name) =>
        pipeline((await blobs.get(at(name))).body, createWriteStream(join(part, name))),
      ),
    );
    await loadPack(part);
    await moveInto(folder, part);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
  log.info("model.fetched", { model, folder });
  return folder;
}

function filesOf(manifest: Buffer): string[] {
  try {
    return Object.keys(MANIFEST.parse(JSON.parse(manifest.toString())).files);
  } catch (cause) {
    throw new PackError("pack_invalid", "model.json of the pack in S3 names no files.", { cause });
  }
}

/** What a crash or a worn disk left of it makes way. */
async function isWhole(folder: string, log: Log): Promise<boolean> {
  try {
    await loadPack(folder);
    return true;
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    if (error.code !== "pack_not_found") log.warn("model.cache_broken", { folder, error: error.message });
    await rm(folder, { recursive: true, force: true });
    return false;
  }
}

/** Another worker of this machine may have been faster: its copy is as good. */
async function moveInto(folder: string, part: string): Promise<void> {
  await rename(part, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await loadPack(folder);
  });
}
