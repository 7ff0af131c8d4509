import { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import { cancelBatchCommand } from "./cancel.ts";
import { createBatchCommand } from "./create.ts";
import { listBatchesCommand } from "./list.ts";
import { batchStatusCommand } from "./status.ts";
import { batchSummaryCommand } from "./summary.ts";
import { watchBatchCommand } from "./watch.ts";

/** `scriptorium batch …` */
export function batchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command("batch").description("Transcribe whole archives: buckets, lists, folders.");
  const verbs = [
    createBatchCommand,
    watchBatchCommand,
    batchStatusCommand,
    listBatchesCommand,
    cancelBatchCommand,
    batchSummaryCommand,
  ];
  for (const verb of verbs) command.addCommand(verb(terminal, exit));
  return command;
}
