import { isTerminal } from "../../src/jobs/transcription.ts";
import type { ApiClient } from "../client/api-client.ts";
import { eachId } from "../client/each-id.ts";
import { readings } from "../client/readings.ts";
import type { ApiTranscription } from "../client/shapes.ts";
import { percent, printable } from "../readable.ts";
import { EXIT, print, printJson, type Terminal } from "../terminal.ts";

interface Watch {
  client: ApiClient;
  terminal: Terminal;
  json: boolean;
}

/** Tell every change until all have ended. Returns the exit code: 1 where one did not complete. */
export async function watchTranscriptions(ids: readonly string[], watch: Watch): Promise<number> {
  const known = new Map<string, ApiTranscription | null>();
  let code: number = EXIT.done;
  const open = () => ids.filter((id) => known.get(id) !== null && !hasEnded(known.get(id)));
  const readAll = async () => {
    for (const id of open()) {
      const found = await eachId([id], watch, async () => {
        const record = await watch.client.transcription(id, true);
        if (isNews(known.get(id), record)) await tell(record, watch);
        known.set(id, record);
        if (hasEnded(record) && record.status !== "completed") code = EXIT.failed;
      });
      // It is not there, and will not be.
      if (found === EXIT.failed) known.set(id, null);
      code = Math.max(code, found);
    }
    return open().length;
  };
  for await (const left of readings(watch.client, readAll, (count) => count === 0)) if (left === 0) break;
  return code;
}

function hasEnded(record: ApiTranscription | null | undefined): boolean {
  return record ? isTerminal(record.status) : false;
}

function isNews(
  before: ApiTranscription | null | undefined,
  { status, progress }: ApiTranscription,
): boolean {
  return before?.status !== status || before.progress !== progress;
}

async function tell(record: ApiTranscription, { terminal, json }: Watch): Promise<void> {
  if (json) return printJson(terminal, record);
  const { id, status, progress, file_name, error } = record;
  const what = error ? `${status}: ${error.code}: ${error.message}` : status;
  const share = status === "processing" ? ` ${percent(progress)}` : "";
  await print(terminal, printable(`${id}  ${file_name ?? "-"}  ${what}${share}`));
}
