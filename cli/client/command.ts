import { Command } from "commander";
import { untilInterrupted } from "../interruption.ts";
import { readClientSettings } from "../settings.ts";
import { ApiClient } from "./api-client.ts";
import { findDeployment } from "./deployment.ts";

export interface ConnectionOptions {
  url?: string;
  apiKey?: string;
}

/** A command that speaks to a deployment. */
export function clientCommand(name: string): Command {
  return new Command(name)
    .option("--url <url>", "the service; default: SCRIPTORIUM_URL, or the one that runs here")
    .option("--api-key <key>", "default: SCRIPTORIUM_API_KEY, or the key of the service that runs here");
}

/** Do the work of such a command; returns its exit code. */
export function withClient(
  options: ConnectionOptions,
  work: (client: ApiClient) => Promise<number>,
): Promise<number> {
  return untilInterrupted((signal) =>
    work(new ApiClient(findDeployment(options, readClientSettings()), signal)),
  );
}

/** The end of each command's help. */
export function clientHelp(examples: readonly string[], exitCodes: string): string {
  const lines = examples.map((example) => `  ${example}`).join("\n");
  return `\nExamples:\n${lines}\n\nExit codes: ${exitCodes}; 2 the command line is wrong or there is no key; 130 interrupted.`;
}
