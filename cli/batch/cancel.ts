import type { Command } from "commander";
import { clientHelp } from "../client/command.ts";
import { verbOfOne } from "../client/verbs.ts";
import { batchId } from "../option-parsers.ts";
import type { Terminal } from "../terminal.ts";

/** `scriptorium batch cancel ID` */
export function cancelBatchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return verbOfOne(
    {
      name: "cancel",
      description: "Stop a batch. What is done stays; what was not begun will not be.",
      argument: ["batch", batchId],
      json: "the batch as JSON",
      help: HELP,
      act: (client, id) => client.cancelBatch(id),
      line: ({ status }, id) => `${id}\t${status}`,
    },
    terminal,
    exit,
  );
}

const HELP = clientHelp(
  ["scriptorium batch cancel ba_0123456789abcdef0123456789abcdef"],
  "0 it is being canceled; 1 it was over already, or is not there",
);
