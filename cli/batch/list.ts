import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { age, percent, printable, shorten } from "../readable.ts";
import { table } from "../table.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";

const LAST = 20;
const MOST_NAME_CHARACTERS = 30;

/** `scriptorium batch list` */
export function listBatchesCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("list")
    .description(`The last ${LAST} batches.`)
    .option("--json", "one JSON object per batch")
    .addHelpText("after", clientHelp(["scriptorium batch list"], "0 shown; 1 the service said no"))
    .action(async (options: ConnectionOptions & { json?: true }) => {
      const code = await withClient(options, async (client) => {
        const batches = await client.batches({ limit: LAST });
        if (options.json) for (const batch of batches) await printJson(terminal, batch);
        else if (batches.length === 0) say(terminal, "There are no batches yet.");
        else {
          const now = Date.now();
          const rows = batches.map(({ id, status, progress, counts, name, created_at }) => [
            id,
            status,
            percent(progress),
            String(counts.total ?? 0),
            String(counts.failed ?? 0),
            shorten(printable(name ?? "-"), MOST_NAME_CHARACTERS),
            age(created_at, now),
          ]);
          const header = ["ID", "STATUS", "PROGRESS", "ITEMS", "FAILED", "NAME", "AGE"];
          await print(terminal, table(header, rows));
        }
        return EXIT.done;
      });
      exit(code);
    });
}
