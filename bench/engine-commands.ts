import type { Command } from "commander";
import { bordersCommand } from "./borders.ts";
import { clipsCommand } from "./clips.ts";
import { concurrencyCommand } from "./concurrency/command.ts";
import { gpuCommand } from "./gpu/command.ts";
import { gpuCostCommand } from "./gpu/cost.ts";
import { lengthCommand } from "./length.ts";
import { memoryCommand } from "./memory.ts";
import { peersCommand } from "./peers/command.ts";
import { readableCommand } from "./readable/command.ts";
import { rtfCommand } from "./rtf.ts";
import { scaleCommand } from "./scale/command.ts";
import { textsCommand } from "./texts.ts";
import { timesCommand } from "./times/command.ts";
import { werCommand } from "./wer.ts";

/** What measures the engine alone. */
export function engineCommands(): Command[] {
  return [
    rtfCommand(),
    clipsCommand(),
    scaleCommand(),
    gpuCommand(),
    gpuCostCommand(),
    concurrencyCommand(),
    lengthCommand(),
    memoryCommand(),
    werCommand(),
    readableCommand(),
    bordersCommand(),
    peersCommand(),
    textsCommand(),
    timesCommand(),
  ];
}
