import { FORMATS, type FormatName } from "../../formats/index.ts";
import type { Batch } from "../batch.ts";
import { batchResultsPrefix } from "../object-keys.ts";
import type { BlobRef } from "../ports/blob-store.ts";

/** Where a batch wants the result of one item, format by format: the source's key with one more extension. */
export function batchResultRefs(
  { id, results: { place, formats } }: Pick<Batch, "id" | "results">,
  source: BlobRef,
  bucket: string,
): { format: FormatName; ref: BlobRef }[] {
  return formats.map((format) => {
    const key = `${source.key}.${FORMATS[format].extension}`;
    const ref =
      place === "beside"
        ? { bucket: source.bucket, key }
        : { bucket, key: `${batchResultsPrefix(id)}${source.bucket}/${key}` };
    return { format, ref };
  });
}
