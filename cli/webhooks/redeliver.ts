import type { Command } from "commander";
import { clientHelp } from "../client/command.ts";
import { verbOfOne } from "../client/verbs.ts";
import { subjectId } from "../option-parsers.ts";
import type { Terminal } from "../terminal.ts";

/** `scriptorium webhooks redeliver ID` */
export function redeliverCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return verbOfOne(
    {
      name: "redeliver",
      description: "Send the event of a transcription or a batch again.",
      argument: ["transcription (tr_…) or batch (ba_…)", subjectId],
      json: "the transcription or batch as JSON",
      help: HELP,
      act: (client, id) => client.redeliver(id),
      line: ({ webhook }, id) => `${id}\t${webhook?.status ?? "pending"}`,
    },
    terminal,
    exit,
  );
}

const HELP = clientHelp(
  ["scriptorium webhooks redeliver tr_0123456789abcdef0123456789abcdef"],
  "0 it is on its way; 1 it has no webhook, has not ended, or is not there",
);
