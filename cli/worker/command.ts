import { Command } from "commander";
import { readLocalSettings } from "../../local/settings.ts";
import { wholeNumber } from "../numbers.ts";
import { readSettings } from "../settings.ts";
import { makeLog } from "../start/log.ts";
import { untilStopped } from "../start/until-stopped.ts";
import { EXIT, type Terminal } from "../terminal.ts";

interface WorkerCommandOptions {
  data?: string;
  model?: string;
  concurrency?: number;
  verbose?: true;
}

/** `scriptorium worker`: one more worker on the data of a service of this machine. */
export function workerCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("worker")
    .description("Run one more worker on the data folder of a service of this machine.")
    .option("--data <folder>", "the service's data folder; default: .scriptorium, or SCRIPTORIUM_DATA")
    .option("--model <folder>", "model pack; default: the bundled one, or SCRIPTORIUM_MODEL")
    .option("--concurrency <n>", "recordings in flight at once; default: 8", wholeNumber)
    .option("-v, --verbose", "log for people, not for machines")
    .action(async (options: WorkerCommandOptions) => {
      const { dataFolder, limits } = readLocalSettings(options);
      const settings = readSettings();
      const stopped = untilStopped();
      // Only here: the service's modules would slow down every other command.
      const { WorkerProcess } = await import("../../local/worker-process.ts");
      const worker = await WorkerProcess.start({
        dataFolder,
        limits,
        log: makeLog(terminal, options.verbose === true),
        model: options.model ?? settings.model,
        device: settings.device,
        ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      });
      await stopped;
      await worker.close();
      exit(EXIT.done);
    });
}
