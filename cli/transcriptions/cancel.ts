import type { Command } from "commander";
import { clientHelp } from "../client/command.ts";
import { verbOfEach } from "../client/verbs.ts";
import type { Terminal } from "../terminal.ts";

/** `scriptorium cancel ID…` */
export function cancelCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return verbOfEach(
    {
      name: "cancel",
      description: "Stop transcriptions, wherever they are.",
      help: HELP,
      act: (client, id) => client.cancelTranscription(id),
      line: ({ status }, id) => `${id}\t${status}`,
    },
    terminal,
    exit,
  );
}

const HELP = clientHelp(
  ["scriptorium cancel tr_0123456789abcdef0123456789abcdef"],
  "0 all are canceled; 1 one or more could not be",
);
