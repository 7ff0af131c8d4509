import type { Command } from "commander";
import { clientHelp } from "../client/command.ts";
import type { ApiBatch } from "../client/shapes.ts";
import { verbOfOne } from "../client/verbs.ts";
import { batchId } from "../option-parsers.ts";
import { age, clock, percent, printable } from "../readable.ts";
import type { Terminal } from "../terminal.ts";
import { countsText, leftOutText } from "./describe.ts";

/** `scriptorium batch status ID` */
export function batchStatusCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return verbOfOne(
    {
      name: "status",
      description: "How a batch stands.",
      argument: ["batch", batchId],
      json: "the batch as JSON",
      help: HELP,
      act: (client, id) => client.batch(id),
      line: describe,
    },
    terminal,
    exit,
  );
}

const HELP = clientHelp(
  ["scriptorium batch status ba_0123456789abcdef0123456789abcdef"],
  "0 shown; 1 it is not there",
);

function describe(batch: ApiBatch): string {
  const { id, name, status, created_at, progress, counts, audio_seconds, eta_seconds, error, webhook } =
    batch;
  const facts: [string, string][] = [
    ["id", id],
    ...(name === null ? [] : [["name", name] as [string, string]]),
    ["status", error ? `${status} (${error.code}: ${error.message})` : status],
    ["created", `${created_at} (${age(created_at, Date.now())} ago)`],
    ["progress", `${percent(progress)} of ${counts.total ?? 0}`],
    ["items", countsText(batch)],
    ...(leftOutText(batch) === "" ? [] : [["left out", leftOutText(batch)] as [string, string]]),
    ["audio", `${clock(audio_seconds)} transcribed`],
    ...(eta_seconds === null ? [] : [["left", clock(eta_seconds)] as [string, string]]),
    ...(webhook === null ? [] : [["webhook", `${webhook.status}, ${webhook.url}`] as [string, string]]),
  ];
  return facts.map(([label, text]) => `${label.padEnd(9)} ${printable(text)}`).join("\n");
}
