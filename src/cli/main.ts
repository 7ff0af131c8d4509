import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { AsrError } from "../asr/index.ts";
import { EXIT, type Terminal } from "./terminal.ts";
import { transcribeCommand } from "./transcribe/command.ts";

/** Run the command line; returns the exit code. Never throws for a user's mistake. */
export async function main(args: readonly string[], terminal: Terminal = process): Promise<number> {
  const program = new Command("scriptorium")
    .description("Transcribe recordings with a U2++ Mixture-of-Experts conformer.")
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  let exitCode: number = EXIT.done;
  program.addCommand(transcribeCommand(terminal, (code) => (exitCode = code)).copyInheritedSettings(program));
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof AsrError)) throw error;
    terminal.stderr.write(`scriptorium: ${error.code}: ${error.message}\n`);
    return error.code === "invalid_option" ? EXIT.usage : EXIT.failed;
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return (manifest as { version: string }).version;
}
