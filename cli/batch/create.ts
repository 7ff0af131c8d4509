import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { ApiClient } from "../client/api-client.ts";
import { clientCommand, withClient } from "../client/command.ts";
import { recordingRequest } from "../recording-options.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";
import { type CreateBatchOptions, declareBatchOptions } from "./options.ts";
import { batchSource } from "./source.ts";
import { watchBatch } from "./watch.ts";

/** `scriptorium batch create FOLDER | --bucket B [--prefix P] | --manifest BUCKET/KEY` */
export function createBatchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return declareBatchOptions(clientCommand("create")).action(
    async (folder: string | undefined, options: CreateBatchOptions) => {
      exit(await withClient(options, (client) => run(folder, options, client, terminal)));
    },
  );
}

async function run(
  folder: string | undefined,
  options: CreateBatchOptions,
  client: ApiClient,
  terminal: Terminal,
): Promise<number> {
  const body = await request(folder, options, client);
  const batch = await client.createBatch(body, options.idempotencyKey ?? randomUUID());
  if (options.json) await printJson(terminal, batch);
  else await print(terminal, batch.id);
  if (options.watch) return watchBatch(batch.id, { client, terminal, json: options.json === true });
  say(terminal, `See how it goes with: scriptorium batch watch ${batch.id}`);
  return EXIT.done;
}

async function request(folder: string | undefined, options: CreateBatchOptions, client: ApiClient) {
  const { name, force, beside, format } = options;
  const results = { place: beside ? "beside" : "batch", formats: format ?? ["json"] };
  return {
    source: await batchSource(folder, options, client.deployment),
    ...(name !== undefined && { name }),
    ...(force && { force }),
    ...((beside || format) && { results }),
    ...recordingRequest(options),
  };
}
