import { Command } from "commander";
import { EngineError, Transcriber } from "../../asr/index.ts";
import { readSettings } from "../settings.ts";
import { EXIT, type Terminal } from "../terminal.ts";
import { expandInputs } from "./inputs.ts";
import { declareOptions, type TranscribeCommandOptions } from "./options.ts";
import { makeProgress } from "./progress.ts";
import { makeResults } from "./results.ts";
import { transcribeAll } from "./run.ts";

/** `scriptorium transcribe FILE|FOLDER|GLOB…`. Calls `exit` with the exit code when the work is done. */
export function transcribeCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = declareOptions(new Command("transcribe"));
  return command.action(async (files: string[], options: TranscribeCommandOptions) => {
    const interruption = new AbortController();
    const interrupt = () => interruption.abort(new EngineError("engine_closed", "Interrupted."));
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    try {
      const failed = await run(files, options, terminal, interruption.signal);
      exit(failed > 0 ? EXIT.failed : EXIT.done);
    } catch (error) {
      if (!interruption.signal.aborted) throw error;
      exit(EXIT.interrupted);
    } finally {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    }
  });
}

/** Returns how many recordings failed. */
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
    return await transcribeAll({ inputs, transcriber, options, results, progress, signal });
  } finally {
    progress.stop();
    await transcriber.close();
  }
}
