import { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import { redriveCommand } from "./redrive.ts";

/** `scriptorium admin …`: for whoever runs the service. */
export function adminCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("admin")
    .description("For whoever runs the service.")
    .addCommand(redriveCommand(terminal, exit));
}
