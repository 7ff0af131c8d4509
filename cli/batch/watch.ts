import type { Command } from "commander";
import { isBatchOver } from "../../src/jobs/batch.ts";
import type { ApiClient } from "../client/api-client.ts";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { readings } from "../client/readings.ts";
import type { ApiBatch } from "../client/shapes.ts";
import { batchId } from "../option-parsers.ts";
import { EXIT, isInteractive, print, printJson, type Terminal } from "../terminal.ts";
import { makeBatchBar } from "./bar.ts";
import { batchLine } from "./describe.ts";

interface Watch {
  client: ApiClient;
  terminal: Terminal;
  json: boolean;
}

/** `scriptorium batch watch ID` */
export function watchBatchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("watch")
    .description("Follow a batch to its end.")
    .argument("<id>", "batch", batchId)
    .option("--json", "one JSON object per change")
    .addHelpText("after", HELP)
    .action(async (id: string, options: ConnectionOptions & { json?: true }) => {
      const json = options.json === true;
      exit(await withClient(options, (client) => watchBatch(id, { client, terminal, json })));
    });
}

const HELP = clientHelp(
  ["scriptorium batch watch ba_0123456789abcdef0123456789abcdef"],
  "0 every recording was transcribed or was done before; 1 one or more failed, or the batch was canceled",
);

/** Returns the exit code. Leaving it does not touch the batch. */
export async function watchBatch(id: string, watch: Watch): Promise<number> {
  const { client, terminal, json } = watch;
  const bar = !json && isInteractive(terminal.stderr) ? makeBatchBar(terminal.stderr) : null;
  let last = "";
  let code: number = EXIT.done;
  try {
    const read = () => client.batch(id, true);
    for await (const batch of readings(client, read, ({ status }) => isBatchOver(status))) {
      bar?.update(batch);
      const news = JSON.stringify([batch.status, batch.counts, batch.error]);
      if (news !== last && json) await printJson(terminal, batch);
      const over = isBatchOver(batch.status);
      if (over) bar?.stop();
      if (news !== last && !json && (over || !bar)) await print(terminal, batchLine(batch));
      last = news;
      if (over) code = isAllDone(batch) ? EXIT.done : EXIT.failed;
    }
    return code;
  } finally {
    bar?.stop();
  }
}

function isAllDone({ status, counts }: ApiBatch): boolean {
  return status === "completed" && !counts.failed && !counts.expired;
}
