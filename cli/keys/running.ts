import { existsSync } from "node:fs";
import { join } from "node:path";
import { DATABASE_FILE } from "../../local/data-folder.ts";
import { DEFAULT_URL, isLoopback, readLocalService } from "../client/deployment.ts";
import { CliError } from "../errors.ts";
import type { ClientSettings } from "../settings.ts";

const ANSWER_MS = 2000;

/** A service runs on this machine, but nothing of it lies in this data folder. Throws CliError other_data_folder. */
export async function refuseWhereUnreached(settings: ClientSettings): Promise<void> {
  if (existsSync(join(settings.dataFolder, DATABASE_FILE))) return;
  const url = urlOf(settings);
  if (url && (await ask(url, "/healthz"))?.ok) throw otherFolder(url, settings);
}

/** The service that runs on this machine does not know the key that was just made. Throws CliError other_data_folder. */
export async function refuseWhereUnknown(settings: ClientSettings, secret: string): Promise<void> {
  const url = urlOf(settings);
  const answer = url && (await ask(url, "/v1/models", { authorization: `Bearer ${secret}` }));
  if (url && answer?.status === 401) throw otherFolder(url, settings);
}

/** Where the service of this machine would answer; a new key is shown to no other machine. */
function urlOf({ url, dataFolder }: ClientSettings): URL | null {
  const found = URL.parse(url ?? readLocalService(dataFolder)?.url ?? DEFAULT_URL);
  return found && isLoopback(found) ? found : null;
}

/** Null where nobody answers. */
async function ask(url: URL, path: string, headers: Record<string, string> = {}): Promise<Response | null> {
  const options = { headers, redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) } as const;
  const answer = await fetch(new URL(path, url), options).catch(() => null);
  await answer?.body?.cancel();
  return answer;
}

function otherFolder({ origin }: URL, { dataFolder }: ClientSettings): CliError {
  return new CliError(
    "other_data_folder",
    `The service at ${origin} runs on another data folder than ${dataFolder}, and would not know the key. ` +
      `Name its folder with SCRIPTORIUM_DATA, or make the key by its API: --url ${origin} --api-key sk_….`,
  );
}
