import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { eachId } from "../client/each-id.ts";
import type { ApiTranscription } from "../client/shapes.ts";
import { addTranscriptionId } from "../option-parsers.ts";
import { age, percent, printable, shorten } from "../readable.ts";
import { table } from "../table.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";
import { watchTranscriptions } from "./watch.ts";

interface StatusOptions extends ConnectionOptions {
  json?: true;
  watch?: true;
}

const LAST = 20;
const MOST_NAME_CHARACTERS = 40;

/** `scriptorium status [ID…]` */
export function statusCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("status")
    .description(`How transcriptions stand: those named, or the last ${LAST}.`)
    .argument("[ids...]", "transcriptions", addTranscriptionId)
    .option("--json", "one JSON object per transcription; with --watch, one per change")
    .option("--watch", "go on until all have ended")
    .addHelpText("after", HELP)
    .action(async (ids: string[], options: StatusOptions) => {
      exit(await withClient(options, (client) => run(ids, options, client, terminal)));
    });
}

const HELP = clientHelp(
  ["scriptorium status", "scriptorium status --watch tr_0123456789abcdef0123456789abcdef"],
  "0 shown (with --watch: all completed); 1 one is not there (with --watch: or did not complete)",
);

async function run(
  ids: readonly string[],
  { json = false, watch }: { json?: boolean; watch?: true },
  client: ApiClient,
  terminal: Terminal,
): Promise<number> {
  const records = ids.length === 0 ? await client.transcriptions({ limit: LAST }) : [];
  if (watch) {
    const named = ids.length === 0 ? records.map(({ id }) => id).reverse() : ids;
    return watchTranscriptions(named, { client, terminal, json });
  }
  const code = await eachId(ids, { client, terminal, json }, async (id) => {
    records.push(await client.transcription(id));
  });
  if (json) for (const record of records) await printJson(terminal, record);
  else if (records.length > 0) await print(terminal, statusTable(records));
  else if (code === EXIT.done) say(terminal, "There are no transcriptions yet.");
  return code;
}

function statusTable(records: readonly ApiTranscription[]): string {
  const now = Date.now();
  return table(
    ["ID", "STATUS", "PROGRESS", "FILE", "AGE"],
    records.map(({ id, status, progress, file_name, created_at, error }) => [
      id,
      error ? `${status} (${error.code})` : status,
      percent(progress),
      shorten(printable(file_name ?? "-"), MOST_NAME_CHARACTERS),
      age(created_at, now),
    ]),
  );
}
