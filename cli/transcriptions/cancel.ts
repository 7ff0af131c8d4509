import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { addTranscriptionId } from "../option-parsers.ts";
import { print, printJson, type Terminal } from "../terminal.ts";
import { eachId } from "./each-id.ts";

/** `scriptorium cancel ID…` */
export function cancelCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("cancel")
    .description("Stop transcriptions, wherever they are.")
    .argument("<ids...>", "transcriptions", addTranscriptionId)
    .option("--json", "one JSON object per transcription")
    .addHelpText("after", HELP)
    .action(async (ids: string[], options: ConnectionOptions & { json?: true }) => {
      const json = options.json === true;
      const code = await withClient(options, (client) =>
        eachId(ids, { client, terminal, json }, async (id) => {
          const record = await client.cancelTranscription(id);
          await (json ? printJson(terminal, record) : print(terminal, `${id}\t${record.status}`));
        }),
      );
      exit(code);
    });
}

const HELP = clientHelp(
  ["scriptorium cancel tr_0123456789abcdef0123456789abcdef"],
  "0 all are canceled; 1 one or more could not be",
);
