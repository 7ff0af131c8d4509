import { Command } from "commander";
import { DEFAULT_OWNER } from "../../local/access.ts";
import type { ApiKey } from "../../src/jobs/owner.ts";
import { createKey, revokeKey } from "../../src/jobs/use-cases/keys.ts";
import { age } from "../readable.ts";
import { table } from "../table.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";
import { withKeys } from "./data.ts";

type Exit = (code: number) => void;

/** `scriptorium keys …`: for whoever runs the service, on the machine where its data folder is. */
export function keysCommand(terminal: Terminal, exit: Exit): Command {
  return new Command("keys")
    .description("API keys of the service on this machine. They work at once, without a restart.")
    .addCommand(createCommand(terminal, exit))
    .addCommand(listCommand(terminal, exit))
    .addCommand(revokeCommand(terminal, exit));
}

function createCommand(terminal: Terminal, exit: Exit): Command {
  return new Command("create")
    .description("Make a key and print it. It is shown this once; only its digest is kept.")
    .option("--owner <owner>", "whom transcriptions made with it belong to", DEFAULT_OWNER)
    .option("--name <text>", "for people", "")
    .option("--json", "the key as JSON")
    .addHelpText("after", help(["scriptorium keys create --owner radio --name 'night desk'"], "0 made"))
    .action(async ({ owner, name, json }: { owner: string; name: string; json?: true }) => {
      const { key, secret } = await withKeys({ create: true }, (services) =>
        createKey(services, { owner, name }),
      );
      if (json) await printJson(terminal, { ...summary(key), secret });
      else {
        await print(terminal, secret);
        say(terminal, `This is key ${key.id} of ${owner}. Keep it: it is not shown again.`);
      }
      exit(EXIT.done);
    });
}

function listCommand(terminal: Terminal, exit: Exit): Command {
  return new Command("list")
    .description("The keys, oldest first, by their first characters.")
    .option("--json", "one JSON object per key")
    .addHelpText("after", help(["scriptorium keys list"], "0 shown"))
    .action(async ({ json }: { json?: true }) => {
      const keys = await withKeys({ create: false }, ({ store }) => store.listKeys());
      if (json) for (const key of keys) await printJson(terminal, summary(key));
      else if (keys.length === 0) say(terminal, "There are no keys yet.");
      else await print(terminal, keyTable(keys));
      exit(EXIT.done);
    });
}

function revokeCommand(terminal: Terminal, exit: Exit): Command {
  return new Command("revoke")
    .description("From now on the key opens nothing.")
    .argument("<id>", "key, as `keys list` shows it")
    .option("--json", "what was done as JSON")
    .addHelpText("after", help(["scriptorium keys revoke ke_0123456789abcdef0123456789abcdef"], "0 revoked"))
    .action(async (id: string, { json }: { json?: true }) => {
      await withKeys({ create: false }, (services) => revokeKey(services, id));
      await (json ? printJson(terminal, { id, revoked: true }) : print(terminal, `${id}\trevoked`));
      exit(EXIT.done);
    });
}

function keyTable(keys: readonly ApiKey[]): string {
  const now = Date.now();
  return table(
    ["ID", "KEY", "OWNER", "NAME", "AGE", "STATUS"],
    keys.map(({ id, hint, owner, name, createdAt, revokedAt }) => [
      id,
      `${hint}…`,
      owner,
      name || "-",
      age(createdAt, now),
      revokedAt === null ? "valid" : "revoked",
    ]),
  );
}

/** Without the digest, which nobody needs. */
function summary({ id, hint, owner, name, createdAt, revokedAt }: ApiKey) {
  return { id, hint, owner, name, created_at: createdAt, revoked_at: revokedAt };
}

function help(examples: readonly string[], done: string): string {
  const lines = examples.map((example) => `  ${example}`).join("\n");
  return `
The data folder is SCRIPTORIUM_DATA, or .scriptorium in the current folder.

Examples:
${lines}

Exit codes: ${done}; 1 there is no such service or key; 2 the command line is wrong.`;
}
