import { Command } from "commander";
import { EngineError, Transcriber } from "../../src/asr/index.ts";
import { expandInputs } from "../inputs.ts";
import { untilInterrupted } from "../interruption.ts";
import { readSettings } from "../settings.ts";
import { EXIT, type Terminal } from "../terminal.ts";
import { declareOptions, type TranscribeCommandOptions } from "./options.ts";
import { makeProgress } from "./progress.ts";
import { makeResults } from "./results.ts";
import { transcribeAll } from "./run.ts";

/** `scriptorium transcribe FILE|FOLDER|GLOB…` */
export function transcribeCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = declareOptions(new Command("transcribe"));
  return command.action(async (files: string[], options: TranscribeCommandOptions) => {
    exit(await untilInterrupted((signal) => run(files, options, terminal, signal)));
  });
}

async function run(
  files: readonly string[],
  options: TranscribeCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const settings = readSettings();
  const inputs = await expandInputs(files);
  if (inputs.length === 0)
    throw new EngineError("invalid_option", "There are no media files in what was named.");
  const results = makeResults(options, inputs.length, terminal);
  const transcriber = await Transcriber.load(options.model ?? settings.model, {
    device: options.device ?? settings.device,
  });
  const progress = makeProgress(terminal, inputs.length, options.quiet === true);
  try {
    progress.started(transcriber.model);
    const failed = await transcribeAll({ inputs, transcriber, options, results, progress, signal });
    return failed > 0 ? EXIT.failed : EXIT.done;
  } finally {
    progress.stop();
    await transcriber.close();
  }
}
