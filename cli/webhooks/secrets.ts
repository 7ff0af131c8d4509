import type { Command } from "commander";
import { type ConnectionOptions, clientCommand, clientHelp, withClient } from "../client/command.ts";
import type { ApiWebhookSecret } from "../client/shapes.ts";
import { table } from "../table.ts";
import { EXIT, print, printJson, type Terminal } from "../terminal.ts";

interface SecretsOptions extends ConnectionOptions {
  json?: true;
}

/** `scriptorium webhooks secrets` */
export function secretsCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("secrets")
    .description("The secrets that sign webhooks now, the current one first.")
    .option("--json", "one JSON object per secret")
    .addHelpText("after", clientHelp(["scriptorium webhooks secrets"], "0 shown; 1 the service said no"))
    .action(async (options: SecretsOptions) => {
      const code = await withClient(options, async (client) => {
        await show(await client.webhookSecrets(), options, terminal);
        return EXIT.done;
      });
      exit(code);
    });
}

/** `scriptorium webhooks rotate` */
export function rotateCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return clientCommand("rotate")
    .description("Make a new secret. The one before it goes on signing beside it until it expires.")
    .option("--json", "one JSON object per secret")
    .addHelpText("after", clientHelp(["scriptorium webhooks rotate"], "0 rotated; 1 the service said no"))
    .action(async (options: SecretsOptions) => {
      const code = await withClient(options, async (client) => {
        await show(await client.rotateWebhookSecret(), options, terminal);
        return EXIT.done;
      });
      exit(code);
    });
}

async function show(secrets: readonly ApiWebhookSecret[], { json }: SecretsOptions, terminal: Terminal) {
  if (json) {
    for (const secret of secrets) await printJson(terminal, secret);
    return;
  }
  const rows = secrets.map(({ secret, created_at, expires_at }) => [secret, created_at, expires_at ?? "-"]);
  await print(terminal, table(["SECRET", "CREATED", "EXPIRES"], rows));
}
