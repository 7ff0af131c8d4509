import type { Command } from "commander";
import { clientHelp } from "../client/command.ts";
import { verbOfEach } from "../client/verbs.ts";
import type { Terminal } from "../terminal.ts";

/** `scriptorium delete ID…` */
export function deleteCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return verbOfEach(
    {
      name: "delete",
      description: "Delete transcriptions for good: uploaded audio, transcript and metadata.",
      help: HELP,
      act: async (client, id) => {
        await client.deleteTranscription(id);
        return { id, status: "deleted" };
      },
      line: ({ status }, id) => `${id}\t${status}`,
    },
    terminal,
    exit,
  );
}

const HELP = clientHelp(
  ["scriptorium delete tr_0123456789abcdef0123456789abcdef"],
  "0 all are deleted; 1 one or more could not be",
);
