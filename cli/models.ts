import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "./client/command.ts";
import { table } from "./table.ts";
import { EXIT, print, printJson, type Terminal } from "./terminal.ts";

/** `scriptorium models` */
export function modelsCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("models")
    .description("The models of a deployment, the one in use first.")
    .option("--json", "one JSON object per model")
    .addHelpText("after", clientHelp(["scriptorium models"], "0 shown; 1 the service said no"))
    .action(async (options: ConnectionOptions & { json?: true }) => {
      const code = await withClient(options, async (client) => {
        const models = await client.models();
        if (options.json) for (const model of models) await printJson(terminal, model);
        else {
          const rows = models.map(({ name, version, languages, license, parameters }) => [
            name,
            version,
            languages.join(", "),
            license,
            parameters ? `${millions(parameters.total)} (${millions(parameters.active)} active)` : "-",
          ]);
          await print(terminal, table(["NAME", "VERSION", "LANGUAGES", "LICENSE", "PARAMETERS"], rows));
        }
        return EXIT.done;
      });
      exit(code);
    });
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}
