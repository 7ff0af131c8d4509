import { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import { listenCommand } from "./listen.ts";
import { redeliverCommand } from "./redeliver.ts";
import { rotateCommand, secretsCommand } from "./secrets.ts";

/** `scriptorium webhooks …` */
export function webhooksCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("webhooks")
    .description("Receive events on this machine, and manage what signs them.")
    .addCommand(listenCommand(terminal, exit))
    .addCommand(secretsCommand(terminal, exit))
    .addCommand(rotateCommand(terminal, exit))
    .addCommand(redeliverCommand(terminal, exit));
}
