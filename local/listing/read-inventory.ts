import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { BlobNotFoundError, InvalidRequestError } from "../../src/jobs/errors.ts";
import type { BlobRef } from "../../src/jobs/ports/blob-store.ts";
import type { Services } from "../../src/jobs/services.ts";
import { checkSource } from "../../src/jobs/use-cases/source-policy.ts";
import { ManifestError } from "./errors.ts";
import { parseCsv } from "./read-csv.ts";
import { decodeText } from "./read-text.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
const MANIFEST = z.object({
  fileFormat: z.literal("CSV"),
  fileSchema: z.string().transform((schema) => schema.split(",").map((name) => name.trim())),
  files: z.array(z.object({ key: z.string() })),
});

const MOST_MANIFEST_CHARACTERS = 50_000_000;

/**
 * Rows of an S3 Inventory, each by the names of its schema, as they are written: keys URL-encoded, every value text.
 * The data files are looked for in the manifest's own bucket. Throws ManifestError.
 */
export async function* readInventoryRows(
  services: Services,
  owner: string,
  bucket: string,
  manifest: AsyncIterable<string>,
): AsyncGenerator<Record<string, string>> {
  const { fileSchema, files } = await readManifestJson(manifest);
  for (const { key } of files) {
    try {
      yield* readDataFile(services, owner, { bucket, key }, fileSchema);
    } catch (error) {
      const fault = faultOf(error);
      throw fault === null ? error : new ManifestError(`in its data file ${key}: ${fault}`, { cause: error });
    }
  }
}

async function readManifestJson(text: AsyncIterable<string>): Promise<z.infer<typeof MANIFEST>> {
  let whole = "";
  for await (const chunk of text) {
    whole += chunk;
    if (whole.length > MOST_MANIFEST_CHARACTERS) throw new ManifestError("manifest.json is too long.");
  }
  const parsed = MANIFEST.safeParse(parseJson(whole));
  if (parsed.success && ["Bucket", "Key"].every((name) => parsed.data.fileSchema.includes(name)))
    return parsed.data;
  throw new ManifestError(
    "it is not the manifest.json of an S3 Inventory in CSV, with Bucket and Key in its fileSchema.",
  );
}

async function* readDataFile(
  services: Services,
  owner: string,
  ref: BlobRef,
  columns: string[],
): AsyncGenerator<Record<string, string>> {
  await checkSource(services, owner, ref);
  const { body } = await services.blobs.get(ref);
  const unzipped = createGunzip();
  pipeline(Readable.from(body), unzipped, () => {});
  yield* parseCsv<Record<string, string>>(decodeText(unzipped), columns);
}

/** What is wrong with a data file; null where reading it again may help. */
function faultOf(error: unknown): string | null {
  if (error instanceof ManifestError) return error.reason;
  if (error instanceof BlobNotFoundError || error instanceof InvalidRequestError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith("Z_") ? "it is not whole gzip." : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
