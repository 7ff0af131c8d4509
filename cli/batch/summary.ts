import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { ConnectionError } from "../client/problem.ts";
import { batchId } from "../option-parsers.ts";
import { EXIT, type Terminal, writeAll } from "../terminal.ts";

/** `scriptorium batch summary ID` */
export function batchSummaryCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("summary")
    .description("What became of each recording of a batch that is over, as JSON Lines.")
    .argument("<id>", "batch", batchId)
    .addHelpText("after", HELP)
    .action(async (id: string, options: ConnectionOptions) => {
      const code = await withClient(options, async (client) => {
        const lines = await client.batchSummary(id);
        await copy(lines, terminal, client.signal);
        return EXIT.done;
      });
      exit(code);
    });
}

const HELP = clientHelp(
  ["scriptorium batch summary ba_0123456789abcdef0123456789abcdef > summary.jsonl"],
  "0 done; 1 it is not over yet, is not there, or broke off",
);

/** Millions of lines: never more than a piece of them in memory. */
async function copy(lines: ReadableStream<Uint8Array>, { stdout }: Terminal, signal: AbortSignal) {
  const decoder = new TextDecoder();
  try {
    for await (const piece of lines) await writeAll(stdout, decoder.decode(piece, { stream: true }));
  } catch (cause) {
    signal.throwIfAborted();
    throw new ConnectionError("The summary broke off. Fetch it again.", false, { cause });
  }
}
