import { Command, CommanderError } from "commander";
import { VERSION } from "../local/version.ts";
import { InvalidRequestError } from "../src/jobs/errors.ts";
import { adminCommand } from "./admin/command.ts";
import { batchCommand } from "./batch/command.ts";
import { isKnownError } from "./describe-error.ts";
import { keysCommand } from "./keys/command.ts";
import { modelsCommand } from "./models.ts";
import { startCommand } from "./start/command.ts";
import { submitCommand } from "./submit/command.ts";
import { type CommandFactory, EXIT, type Terminal } from "./terminal.ts";
import { transcribeCommand } from "./transcribe/command.ts";
import { cancelCommand } from "./transcriptions/cancel.ts";
import { deleteCommand } from "./transcriptions/delete.ts";
import { statusCommand } from "./transcriptions/status.ts";
import { transcriptsCommand } from "./transcriptions/transcripts.ts";
import { webhooksCommand } from "./webhooks/command.ts";
import { workerCommand } from "./worker/command.ts";

/** In the order of the help. */
const COMMANDS: readonly CommandFactory[] = [
  startCommand,
  workerCommand,
  transcribeCommand,
  submitCommand,
  statusCommand,
  transcriptsCommand,
  cancelCommand,
  deleteCommand,
  batchCommand,
  webhooksCommand,
  keysCommand,
  modelsCommand,
  adminCommand,
];

/** Run the command line; returns the exit code. Never throws for a user's mistake. */
export async function main(args: readonly string[], terminal: Terminal = process): Promise<number> {
  const program = new Command("scriptorium")
    .description("Transcribe recordings with a U2++ Mixture-of-Experts conformer, here or by a deployment.")
    .version(VERSION, "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  let exitCode: number = EXIT.done;
  for (const make of COMMANDS)
    program.addCommand(
      inherit(
        make(terminal, (code) => (exitCode = code)),
        program,
      ),
    );
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!isKnownError(error)) throw error;
    terminal.stderr.write(`scriptorium: ${error.code}: ${error.message}\n`);
    const misused = error.code === "invalid_option" || error instanceof InvalidRequestError;
    return misused ? EXIT.usage : EXIT.failed;
  }
}

/** Commander hands its settings down to commands that it makes itself, not to those that it is given. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child as Command, command);
  return command;
}
