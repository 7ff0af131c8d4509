import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hasCode } from "../../src/local/storage-errors.ts";
import { CliError, UsageError } from "../errors.ts";
import type { ClientSettings } from "../settings.ts";

/** Which service a command speaks to, and as whom. */
export interface Deployment {
  /** Ends with a slash: paths are added to it. */
  url: URL;
  key: string;
}

/** What the local service leaves in its data folder for commands on the same machine. Null: not yet. */
const localFile = z.object({
  url: z.url().nullable(),
  key: z.string().nullable(),
  webhook_secret: z.string().nullable(),
});
export type LocalService = z.infer<typeof localFile>;

/** Where `scriptorium start` listens. */
export const DEFAULT_URL = "http://127.0.0.1:8787";
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Options, then the environment, then the local service. The local service's key goes to no other service. Throws
 * UsageError where there is no key or the URL is none.
 */
export function findDeployment(
  options: { url?: string; apiKey?: string },
  settings: ClientSettings,
): Deployment {
  const local = readLocalService(settings.dataFolder);
  const url = asBase(options.url ?? settings.url ?? local?.url ?? DEFAULT_URL);
  const key = options.apiKey ?? settings.apiKey ?? (isLocalService(url, local) ? local?.key : null);
  if (!key) throw new UsageError(noKey(url, settings.dataFolder));
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError("The API key holds characters that no key has.");
  return { url, key };
}

/** Null where no service was started with this data folder. Throws CliError where its file cannot be read. */
export function readLocalService(dataFolder: string): LocalService | null {
  const path = join(dataFolder, "local.json");
  try {
    return localFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    const message = `${path} cannot be read. Start the service again (npm start), which writes it anew.`;
    throw new CliError("local_service_unreadable", message, { cause: error });
  }
}

export function isLoopback(url: URL): boolean {
  return LOOPBACK.has(url.hostname);
}

/** Whether the URL leads to it, by the address alone: `localhost` and 127.0.0.1 are one. */
export function isLocalService(url: URL, local: LocalService | null): boolean {
  const other = URL.parse(local?.url ?? "");
  if (!other) return false;
  return url.origin === other.origin || (isLoopback(url) && isLoopback(other) && url.port === other.port);
}

function asBase(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`"${text}" is not the URL of a service: it must begin with https:// or http://.`);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.search = "";
  url.hash = "";
  return url;
}

function noKey(url: URL, dataFolder: string): string {
  const give = "give it with --api-key or SCRIPTORIUM_API_KEY";
  return isLoopback(url)
    ? `There is no API key for ${url.origin}. Is the service running? Start it with: npm start. ` +
        `It leaves its key in ${dataFolder}; if it was started in another folder, name that one with ` +
        `SCRIPTORIUM_DATA, or make a key (scriptorium keys create) and ${give}.`
    : `There is no API key for ${url.origin}: ${give}.`;
}
