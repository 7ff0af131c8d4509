import { Command } from "commander";
import { DEFAULT_OWNER } from "../../local/access.ts";
import type { ConnectionOptions } from "../client/command.ts";
import type { ApiKeySummary } from "../client/shapes.ts";
import { age } from "../readable.ts";
import { table } from "../table.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";
import { atDesk } from "./desk.ts";

type Exit = (code: number) => void;
type Options = ConnectionOptions & { json?: true };

/** `scriptorium keys …`: for whoever runs the service, on the machine where its data folder is, or by its API. */
export function keysCommand(terminal: Terminal, exit: Exit): Command {
  return new Command("keys")
    .description(
      "API keys, of the service on this machine or of another. They work at once, without a restart.",
    )
    .addCommand(createCommand(terminal, exit))
    .addCommand(listCommand(terminal, exit))
    .addCommand(revokeCommand(terminal, exit));
}

function keyCommand(name: string): Command {
  return new Command(name)
    .option("--url <url>", "the service whose keys they are, by its API; default: the one of this machine")
    .option("--api-key <key>", "with --url: an admin key, or one of the same owner");
}

function createCommand(terminal: Terminal, exit: Exit): Command {
  return keyCommand("create")
    .description("Make a key and print it. It is shown this once; only its digest is kept.")
    .option("--owner <owner>", "whom transcriptions made with it belong to; default: default, or your own")
    .option("--name <text>", "for people", "")
    .option("--admin", "it may make, list and revoke the keys of every owner", false)
    .option("--json", "the key as JSON")
    .addHelpText("after", help(["scriptorium keys create --owner radio --name 'night desk'"], "0 made"))
    .action(async ({ owner, name, admin, json, ...at }: Options & CreateOptions) => {
      const code = await atDesk(at, DEFAULT_OWNER, async (desk) => {
        const { secret, ...key } = await desk.create({ name, admin, ...(owner !== undefined && { owner }) });
        if (json) await printJson(terminal, { ...key, secret });
        else {
          await print(terminal, secret);
          say(terminal, `This is key ${key.id} of ${key.owner}. Keep it: it is not shown again.`);
        }
        return EXIT.done;
      });
      exit(code);
    });
}

interface CreateOptions {
  owner?: string;
  name: string;
  admin: boolean;
}

function listCommand(terminal: Terminal, exit: Exit): Command {
  return keyCommand("list")
    .description("The keys, oldest first, by their first characters.")
    .option("--json", "one JSON object per key")
    .addHelpText("after", help(["scriptorium keys list"], "0 shown"))
    .action(async ({ json, ...at }: Options) => {
      const code = await atDesk(at, DEFAULT_OWNER, async (desk) => {
        const keys = await desk.list();
        if (json) for (const key of keys) await printJson(terminal, key);
        else if (keys.length === 0) say(terminal, "There are no keys yet.");
        else await print(terminal, keyTable(keys));
        return EXIT.done;
      });
      exit(code);
    });
}

function revokeCommand(terminal: Terminal, exit: Exit): Command {
  return keyCommand("revoke")
    .description("From now on the key opens nothing.")
    .argument("<id>", "key, as `keys list` shows it")
    .option("--json", "what was done as JSON")
    .addHelpText("after", help(["scriptorium keys revoke ke_0123456789abcdef0123456789abcdef"], "0 revoked"))
    .action(async (id: string, { json, ...at }: Options) => {
      const code = await atDesk(at, DEFAULT_OWNER, async (desk) => {
        await desk.revoke(id);
        await (json ? printJson(terminal, { id, revoked: true }) : print(terminal, `${id}\trevoked`));
        return EXIT.done;
      });
      exit(code);
    });
}

function keyTable(keys: readonly ApiKeySummary[]): string {
  const now = Date.now();
  return table(
    ["ID", "KEY", "OWNER", "NAME", "AGE", "STATUS"],
    keys.map(({ id, hint, owner, name, admin, created_at, revoked_at }) => [
      id,
      `${hint}…`,
      owner,
      name || "-",
      age(created_at, now),
      [revoked_at === null ? "valid" : "revoked", ...(admin ? ["admin"] : [])].join(", "),
    ]),
  );
}

function help(examples: readonly string[], done: string): string {
  const lines = examples.map((example) => `  ${example}`).join("\n");
  return `
The data folder is SCRIPTORIUM_DATA, or .scriptorium in the current folder.

Examples:
${lines}

Exit codes: ${done}; 1 there is no such service or key; 2 the command line is wrong.`;
}
