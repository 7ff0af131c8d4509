import { FORMATS, type FormatName } from "../../formats/index.ts";
import type { Batch } from "../batch.ts";
import { sha256Hex } from "../digest.ts";
import { batchResultsPrefix } from "../object-keys.ts";
import type { BlobRef } from "../ports/blob-store.ts";

/** Bytes of a key, as S3 has it, and of the name of a file on a disk. */
export const MOST_KEY_BYTES = 1024;
const MOST_NAME_BYTES = 255;

/**
 * Where a batch wants the result of one item, format by format: the source's key with one more extension. Where that
 * is too long for a key or a file, its name is cut, and a part of its digest tells it from others. Empty where results
 * are to lie beside the source and its folder leaves no room for a name.
 */
export async function batchResultRefs(
  { id, results: { place, formats } }: Pick<Batch, "id" | "results">,
  source: BlobRef,
  bucket: string,
): Promise<{ format: FormatName; ref: BlobRef }[]> {
  const refs = formats.map(async (format) => {
    const { extension } = FORMATS[format];
    if (place === "beside") {
      const key = await fitting(source.key, extension);
      return key === null ? [] : [{ format, ref: { bucket: source.bucket, key } }];
    }
    const prefix = `${batchResultsPrefix(id)}${source.bucket}/`;
    const key =
      (await fitting(`${prefix}${source.key}`, extension)) ??
      `${prefix}${await mark(source.key)}.${extension}`;
    return [{ format, ref: { bucket, key } }];
  });
  return (await Promise.all(refs)).flat();
}

/** The key with an extension, its last part cut as far as need be; null where nothing would be left of it. */
async function fitting(key: string, extension: string): Promise<string | null> {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const whole = `${key}.${extension}`;
  if (size(whole) <= MOST_KEY_BYTES && size(`${name}.${extension}`) <= MOST_NAME_BYTES) return whole;
  const folder = key.slice(0, key.length - name.length);
  const end = `~${await mark(key)}.${extension}`;
  const room = Math.min(MOST_NAME_BYTES, MOST_KEY_BYTES - size(folder)) - size(end);
  return room < 1 ? null : `${folder}${cut(name, room)}${end}`;
}

async function mark(key: string): Promise<string> {
  return (await sha256Hex(key)).slice(0, 16);
}

/** As many whole characters as fit into so many bytes. */
function cut(text: string, bytes: number): string {
  let left = bytes;
  let end = 0;
  for (const character of text) {
    left -= size(character);
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}
