import { Command } from "commander";
import type { LocalService } from "../../local/local-service.ts";
import { readLocalSettings } from "../../local/settings.ts";
import { readSettings } from "../settings.ts";
import { EXIT, type Terminal } from "../terminal.ts";
import { makeLog } from "./log.ts";
import { untilStopped } from "./until-stopped.ts";

interface StartOptions {
  port?: string;
  host?: string;
  data?: string;
  model?: string;
  worker: boolean;
  verbose?: true;
}

/** `scriptorium start`: the whole service in this process, until it is told to stop. */
export function startCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("start")
    .description("Run the whole service on this machine: API, uploads, a worker, webhooks, batches.")
    .option("-p, --port <port>", "default: 8787, or SCRIPTORIUM_PORT; 0: any that is free")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--data <folder>", "where everything is kept; default: .scriptorium, or SCRIPTORIUM_DATA")
    .option("--model <folder>", "model pack; default: the bundled one, or SCRIPTORIUM_MODEL")
    .option("--no-worker", "leave the work to `scriptorium worker`")
    .option("-v, --verbose", "log for people, not for machines")
    .addHelpText("after", HELP)
    .action(async (options: StartOptions) => {
      await run(options, terminal);
      exit(EXIT.done);
    });
}

const HELP = `
The log goes to standard error, one JSON object a line; how to reach the service to standard output.
Limits can be set in the environment: SCRIPTORIUM_LIMIT_UPLOAD_BYTES, SCRIPTORIUM_LIMIT_REQUESTS_PER_MINUTE…
(docs/api.md lists them). Ctrl-C finishes what is in hand, or leaves it for the next start.`;

async function run(options: StartOptions, terminal: Terminal): Promise<void> {
  const { port, dataFolder, limits, localWebhooks } = readLocalSettings(options);
  const settings = readSettings();
  const log = makeLog(terminal, options.verbose === true);
  const stopped = untilStopped();
  // Only here: the server's modules would slow down every other command.
  const { LocalService } = await import("../../local/local-service.ts");
  const service = await LocalService.start({
    port,
    ...(options.host !== undefined && { host: options.host }),
    dataFolder,
    limits,
    localWebhooks,
    log,
    model: options.model ?? settings.model,
    device: settings.device,
    worker: options.worker ? {} : null,
  });
  const warnings = await service.health().catch(() => []);
  terminal.stdout.write(greeting(service, dataFolder, warnings));
  await stopped;
  log.info("service.stopping");
  await service.close();
}

function greeting(
  { url, access, model, pageLink }: LocalService,
  dataFolder: string,
  warnings: readonly { message: string }[],
): string {
  const lines = [
    ["Page", `${pageLink} (signed in, once)`],
    ["Key", access.key],
    ["Webhook secret", access.webhookSecret],
    ["Data", dataFolder],
    ["Model", model ? `${model.name} ${model.version} on ${model.device}` : "none here: start a worker"],
    ["Documentation", `${url}/docs`],
    ...warnings.map(({ message }) => ["Warning", message]),
  ].map(([name, value]) => `  ${name.padEnd(16)}${value}\n`);
  return `Scriptorium listens on ${url}\n\n${lines.join("")}\n`;
}
