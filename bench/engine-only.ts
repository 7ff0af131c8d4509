import { Command } from "commander";
import { engineCommands } from "./engine-commands.ts";

/** As main.ts, where the service's packages have not been carried along: see `bench gpu --help`. */
const program = new Command("bench").description("Measure the engine: time, error rates, memory.");
for (const command of engineCommands()) program.addCommand(command);
await program.parseAsync();
