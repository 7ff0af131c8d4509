import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { addTranscriptionId } from "../option-parsers.ts";
import { print, printJson, type Terminal } from "../terminal.ts";
import { eachId } from "./each-id.ts";

/** `scriptorium delete ID…` */
export function deleteCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("delete")
    .description("Delete transcriptions for good: uploaded audio, transcript and metadata.")
    .argument("<ids...>", "transcriptions", addTranscriptionId)
    .option("--json", "one JSON object per transcription")
    .addHelpText("after", HELP)
    .action(async (ids: string[], options: ConnectionOptions & { json?: true }) => {
      const json = options.json === true;
      const code = await withClient(options, (client) =>
        eachId(ids, { client, terminal, json }, async (id) => {
          await client.deleteTranscription(id);
          await (json ? printJson(terminal, { id, status: "deleted" }) : print(terminal, `${id}\tdeleted`));
        }),
      );
      exit(code);
    });
}

const HELP = clientHelp(
  ["scriptorium delete tr_0123456789abcdef0123456789abcdef"],
  "0 all are deleted; 1 one or more could not be",
);
