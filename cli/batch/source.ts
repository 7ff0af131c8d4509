import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DEFAULT_OWNER } from "../../local/access.ts";
import { addSourceFolder } from "../../local/sources.ts";
import type { ManifestFormat } from "../../src/jobs/batch.ts";
import { type Deployment, isLocalService, readLocalService } from "../client/deployment.ts";
import { UsageError } from "../errors.ts";
import { readClientSettings } from "../settings.ts";
import type { CreateBatchOptions } from "./options.ts";

/**
 * The `source` of a request. A folder becomes a bucket of the local service. Throws UsageError where nothing, or too
 * much, was named, and where the service does not run on this machine.
 */
export async function batchSource(
  folder: string | undefined,
  { bucket, prefix, manifest, manifestFormat }: CreateBatchOptions,
  deployment: Deployment,
): Promise<Record<string, unknown>> {
  if (folder !== undefined && (bucket ?? prefix ?? manifest) !== undefined)
    throw new UsageError("Name a folder, or --bucket or --manifest, not both.");
  if (manifest === undefined && manifestFormat !== undefined)
    throw new UsageError("--manifest-format goes with --manifest.");
  if (folder !== undefined) return { bucket: await registerFolder(folder, deployment), prefix: "" };
  if (manifest !== undefined) {
    if (prefix !== undefined) throw new UsageError("--prefix goes with --bucket alone, not with --manifest.");
    const format = manifestFormat ?? manifestFormatOf(manifest);
    return { manifest: objectOf(manifest), format, ...(bucket !== undefined && { bucket }) };
  }
  if (bucket === undefined)
    throw new UsageError("Name what to transcribe: --bucket, --manifest, or a folder of this machine.");
  return { bucket, prefix: prefix ?? "" };
}

async function registerFolder(folder: string, deployment: Deployment): Promise<string> {
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory()) throw new UsageError(`There is no folder ${folder}.`);
  const { dataFolder } = readClientSettings();
  const local = readLocalService(dataFolder);
  if (!isLocalService(deployment.url, local))
    throw new UsageError(
      `${deployment.url.origin} is not the service of ${dataFolder}, and cannot read folders of this machine. ` +
        "Upload the recordings to a bucket and use --bucket, or send them one by one with: scriptorium submit.",
    );
  return addSourceFolder(dataFolder, resolve(folder), DEFAULT_OWNER);
}

function objectOf(text: string): { bucket: string; key: string } {
  const match = /^(?:s3:\/\/)?([^/]+)\/(.+)$/s.exec(text);
  if (!match) throw new UsageError(`--manifest is BUCKET/KEY, not "${text}".`);
  return { bucket: match[1], key: match[2] };
}

function manifestFormatOf(key: string): ManifestFormat {
  if (/\.csv(\.gz)?$/i.test(key)) return "csv";
  if (/\.jsonl(\.gz)?$/i.test(key)) return "jsonl";
  if (/(^|\/)manifest\.json$/.test(key)) return "s3_inventory";
  throw new UsageError(
    `What kind of list is ${key}? Say so with --manifest-format csv, jsonl or s3_inventory.`,
  );
}
