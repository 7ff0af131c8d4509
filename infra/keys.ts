import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Command } from "commander";
import { DynamoJobStore } from "../src/aws/dynamo-job-store.ts";
import { randomIds, systemClock } from "../src/aws/system.ts";
import { ServiceError } from "../src/jobs/errors.ts";
import { createKey, revokeKey } from "../src/jobs/use-cases/keys.ts";

/**
 * API keys of a service on AWS, for whoever may write its table: `node infra/keys.ts create --table TABLE --owner OWNER`.
 * The table's name is an output of the stack.
 */
const program = new Command("keys").description("API keys of the service on AWS. They work at once.");

program
  .command("create")
  .description("make a key and print it: it is shown this once, and only its digest is kept")
  .requiredOption("--table <name>", "TableName of the stack's outputs")
  .requiredOption("--owner <owner>", "whom transcriptions made with it belong to")
  .option("--name <text>", "for people", "")
  .option("--admin", "a key that makes, lists and revokes the keys of every owner (/v1/keys)", false)
  .action(async ({ table, ...wanted }: { table: string; owner: string; name: string; admin: boolean }) => {
    const { owner } = wanted;
    const { key, secret } = await createKey(servicesOf(table), wanted);
    process.stdout.write(`${secret}\n`);
    process.stderr.write(`This is key ${key.id} of ${owner}. Keep it: it is not shown again.\n`);
  });

program
  .command("list")
  .description("all keys, one JSON object a line, without their secrets")
  .requiredOption("--table <name>", "TableName of the stack's outputs")
  .action(async ({ table }: { table: string }) => {
    for (const { hash: _, ...key } of await servicesOf(table).store.listKeys())
      process.stdout.write(`${JSON.stringify(key)}\n`);
  });

program
  .command("revoke")
  .description("from now on the key opens nothing")
  .requiredOption("--table <name>", "TableName of the stack's outputs")
  .argument("<id>", "of the key, as list shows it")
  .action(async (id: string, { table }: { table: string }) => revokeKey(servicesOf(table), id));

function servicesOf(table: string) {
  const store = new DynamoJobStore(DynamoDBDocumentClient.from(new DynamoDBClient()), table);
  return { store, clock: systemClock, ids: randomIds };
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
