import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { batchId } from "../option-parsers.ts";
import { EXIT, print, printJson, type Terminal } from "../terminal.ts";

/** `scriptorium batch cancel ID` */
export function cancelBatchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("cancel")
    .description("Stop a batch. What is done stays; what was not begun will not be.")
    .argument("<id>", "batch", batchId)
    .option("--json", "the batch as JSON")
    .addHelpText("after", HELP)
    .action(async (id: string, options: ConnectionOptions & { json?: true }) => {
      const code = await withClient(options, async (client) => {
        const batch = await client.cancelBatch(id);
        await (options.json ? printJson(terminal, batch) : print(terminal, `${id}\t${batch.status}`));
        return EXIT.done;
      });
      exit(code);
    });
}

const HELP = clientHelp(
  ["scriptorium batch cancel ba_0123456789abcdef0123456789abcdef"],
  "0 it is being canceled; 1 it was over already, or is not there",
);
