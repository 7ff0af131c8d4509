import type { Command } from "commander";
import { Webhook } from "standardwebhooks";
import type { ApiClient } from "../client/api-client.ts";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import { isLocalService, readLocalService } from "../client/deployment.ts";
import { ConnectionError } from "../client/problem.ts";
import { UsageError } from "../errors.ts";
import { untilInterrupted } from "../interruption.ts";
import { wholeNumber } from "../numbers.ts";
import { printable } from "../readable.ts";
import { readClientSettings } from "../settings.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";
import { forward } from "./forward.ts";
import { type ReceivedEvent, Receiver } from "./receiver.ts";

interface ListenOptions extends ConnectionOptions {
  port: number;
  secret?: string;
  forward?: string;
  json?: true;
  count?: number;
}

/** `scriptorium webhooks listen` */
export function listenCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("listen")
    .description("Receive events on this machine, verify them, and print them.")
    .option("--port <n>", "0: any that is free", wholeNumber, 0)
    .option("--secret <whsec_…>", "default: the deployment's own")
    .option("--forward <url>", "hand each verified event on to this URL, and answer what it answers")
    .option("--json", "one JSON object per event")
    .option("--count <n>", "end after so many verified events", wholeNumber)
    .addHelpText("after", HELP)
    .action(async (options: ListenOptions) => {
      check(options);
      exit(
        options.secret === undefined
          ? await withClient(options, (client) => listenAs(client, options, terminal))
          : await untilInterrupted((signal) => listen([options.secret ?? ""], options, terminal, signal)),
      );
    });
}

const HELP = clientHelp(
  [
    "scriptorium webhooks listen --port 4000",
    "scriptorium submit --webhook http://127.0.0.1:4000/ call.mp3",
    "scriptorium webhooks listen --forward http://127.0.0.1:3000/hooks --json",
  ],
  "0 --count events came; 1 the port is taken, or the service said no",
);

function check({ port, count, secret, forward }: ListenOptions): void {
  if (port > 65_535) throw new UsageError("--port is a number from 0 to 65535.");
  if (count === 0) throw new UsageError("--count must be at least 1.");
  if (forward !== undefined && !/^https?:$/.test(URL.parse(forward)?.protocol ?? ""))
    throw new UsageError(`--forward must be a URL with http:// or https://, not "${forward}".`);
  if (secret !== undefined && !isSecret(secret))
    throw new UsageError("--secret is whsec_ and base64, as `scriptorium webhooks secrets` shows it.");
}

function isSecret(secret: string): boolean {
  try {
    new Webhook(secret);
    return secret.startsWith("whsec_");
  } catch {
    return false;
  }
}

async function listenAs(client: ApiClient, options: ListenOptions, terminal: Terminal): Promise<number> {
  return listen(await secretsOf(client), options, terminal, client.signal);
}

/** The service's own account; where it does not run yet, what it noted in its data folder. */
async function secretsOf(client: ApiClient): Promise<string[]> {
  try {
    return (await client.webhookSecrets()).map(({ secret }) => secret);
  } catch (error) {
    const local = readLocalService(readClientSettings().dataFolder);
    const noted = isLocalService(client.deployment.url, local) ? local?.webhook_secret : null;
    if (!(error instanceof ConnectionError) || !noted) throw error;
    return [noted];
  }
}

async function listen(
  secrets: readonly string[],
  options: ListenOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
  let left = options.count ?? Number.POSITIVE_INFINITY;
  const receiver = await Receiver.start({
    secrets,
    port: options.port,
    async onEvent(received) {
      if (left-- <= 0) return 503; // one too many, while the last one is being answered
      const result = options.forward === undefined ? null : await forward(received, options.forward, signal);
      await show(received, result?.line ?? null, options, terminal);
      if (left <= 0) end();
      return result?.status ?? 204;
    },
    onRefused: (reason) => say(terminal, `Refused: ${printable(reason)}`),
  });
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  say(terminal, `Listening at ${receiver.url}`);
  try {
    signal.throwIfAborted();
    await ended;
    return EXIT.done;
  } finally {
    await receiver.close();
  }
}

async function show(
  { id, event }: ReceivedEvent,
  forwarded: string | null,
  { json }: ListenOptions,
  terminal: Terminal,
): Promise<void> {
  if (json) return printJson(terminal, { webhook_id: id, ...event });
  const { type, timestamp, data } = event;
  const parts = [timestamp, type, data.id ?? "", ...(forwarded === null ? [] : [`→ ${forwarded}`])];
  await print(terminal, printable(parts.filter((part) => part !== "").join("  ")));
}
