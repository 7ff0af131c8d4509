import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { subjectId } from "../option-parsers.ts";
import { EXIT, print, printJson, type Terminal } from "../terminal.ts";

/** `scriptorium webhooks redeliver ID` */
export function redeliverCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("redeliver")
    .description("Send the event of a transcription or a batch again.")
    .argument("<id>", "transcription (tr_…) or batch (ba_…)", subjectId)
    .option("--json", "the transcription or batch as JSON")
    .addHelpText("after", HELP)
    .action(async (id: string, options: ConnectionOptions & { json?: true }) => {
      const code = await withClient(options, async (client) => {
        const record = await client.redeliver(id);
        const line = `${id}\t${record.webhook?.status ?? "pending"}`;
        await (options.json ? printJson(terminal, record) : print(terminal, line));
        return EXIT.done;
      });
      exit(code);
    });
}

const HELP = clientHelp(
  ["scriptorium webhooks redeliver tr_0123456789abcdef0123456789abcdef"],
  "0 it is on its way; 1 it has no webhook, has not ended, or is not there",
);
