import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { clientCommand, withClient } from "../client/command.ts";
import { UsageError } from "../errors.ts";
import { expandInputs } from "../inputs.ts";
import { EXIT, say, type Terminal, writeAll } from "../terminal.ts";
import { declareSubmitOptions, type SubmitOptions } from "./options.ts";
import { makeSubmitProgress } from "./progress.ts";
import { makeSubmitResults } from "./results.ts";
import { submitAll } from "./run.ts";

/** More make no line that anybody copies; `status` shows the last ones by itself. */
const MOST_IDS = 10;

/** `scriptorium submit FILE|FOLDER|GLOB…` */
export function submitCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return declareSubmitOptions(clientCommand("submit")).action(
    async (files: string[], options: SubmitOptions) => {
      exit(await withClient(options, (client) => run(files, options, client, terminal)));
    },
  );
}

async function run(
  files: readonly string[],
  options: SubmitOptions,
  client: ApiClient,
  terminal: Terminal,
): Promise<number> {
  if (!options.wait && (options.format !== undefined || options.output !== undefined))
    throw new UsageError("There is no transcript to write before its end: add --wait.");
  const inputs = await expandInputs(files);
  if (inputs.length === 0) throw new UsageError("There are no media files in what was named.");
  if (inputs.some(({ path }) => path === "-"))
    throw new UsageError("Uploads need a length, which standard input has not: save it to a file first.");
  if (options.idempotencyKey !== undefined && inputs.length > 1)
    throw new UsageError(`--idempotency-key is for one recording, not ${inputs.length}.`);
  const results = makeSubmitResults(options, inputs.length, (text) =>
    progress.aside(() => writeAll(terminal.stdout, text)),
  );
  const progress = makeSubmitProgress(terminal, inputs.length, options);
  const open = new Set<string>();
  try {
    const failed = await submitAll({ inputs, client, options, results, progress, open });
    return failed > 0 ? EXIT.failed : EXIT.done;
  } finally {
    progress.stop();
    if (client.signal.aborted && open.size > 0) {
      const ids = open.size <= MOST_IDS ? [...open] : [];
      const command = ["scriptorium status", ...ids].join(" ");
      say(terminal, `Interrupted. What was uploaded goes on; see: ${command}`);
    }
  }
}
