import { Command } from "commander";
import { engineCommands } from "./engine-commands.ts";
import { scalingCommand } from "./scaling/command.ts";
import { loadCommand } from "./service/load.ts";
import { overheadCommand } from "./service/overhead.ts";

/** `npm run bench -- NAME …`: what the figures in bench/NOTES.md were measured with. */
const program = new Command("bench").description(
  "Measure the engine and the service: time, error rates, memory.",
);
for (const command of [...engineCommands(), loadCommand(), overheadCommand(), scalingCommand()])
  program.addCommand(command);
await program.parseAsync();
