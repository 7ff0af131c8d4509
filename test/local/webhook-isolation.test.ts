import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { makeHttpPost } from "../../functions/deliver-webhook/post.ts";
import { openDataFolder } from "../../local/data-folder.ts";
import { silentLog } from "../../local/log.ts";
import { openServices } from "../../local/open-services.ts";
import { startTriggers } from "../../local/triggers.ts";
import { loadPack } from "../../src/asr/pack/load-pack.ts";
import { InvalidRequestError } from "../../src/jobs/errors.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";
import { cancelTranscription } from "../../src/jobs/use-cases/cancel-transcription.ts";
import { createTranscription } from "../../src/jobs/use-cases/create-transcription.ts";
import { ManualClock } from "../src/local/manual-clock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { transcriptionRequest } from "../support/transcription-request.ts";

async function open(localWebhooks?: readonly string[] | "*") {
  const dataFolder = await temporaryFolder();
  await openDataFolder(dataFolder);
  const opened = openServices({
    dataFolder,
    limits: DEFAULT_LIMITS,
    // It stands still: nothing that is held is taken for given up.
    clock: new ManualClock(),
    log: silentLog,
    model: (await loadPack("models/u2pp-moe-en-41m")).manifest,
    ...(localWebhooks && { localWebhooks }),
    uploadSecret: new Uint8Array(),
    baseUrl: () => "",
    startListing: async () => {},
  });
  onTestFinished(() => opened.db.close());
  return opened;
}

const servers: Server[] = [];

/** A server of a tenant; `answer` is told of each request and how to answer it. */
async function serve(answer: (respond: () => void) => void): Promise<string> {
  const server = createServer((_, response) => answer(() => void response.writeHead(204).end()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

test("endpoints of one tenant that hang do not delay the webhooks of another", async () => {
  const opened = await open("*");
  const { services } = opened;
  const tell = async (owner: string, webhookUrl: string) => {
    const caller = { owner, keyId: "ke_1" };
    const { record } = await createTranscription(
      services,
      caller,
      transcriptionRequest({ webhookUrl }),
      null,
    );
    await cancelTranscription(services, caller, record.id);
  };
  let hanging = 0;
  for (let i = 0; i < 100; i++) await tell("noisy", await serve(() => void hanging++));
  // Those that hang do so for good: what waits for them is never told.
  const post = makeHttpPost({ timeoutSeconds: 86_400 });
  const triggers = startTriggers(opened, { recordings: 15, webhooks: 30 }, post);
  onTestFinished(async () => {
    const closed = triggers.map((trigger) => trigger.close());
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all(closed);
  });
  await expect.poll(() => hanging).toBe(8);
  let told = 0;
  const url = await serve((respond) => {
    told++;
    respond();
  });
  for (let i = 0; i < 3; i++) await tell("quiet", url);
  await expect.poll(() => told, { interval: 20 }).toBe(3);
  expect(hanging).toBe(8);
});

test("webhooks to this machine are for whom its operator lets: the owner of the first key, unless told otherwise", async () => {
  const ask = async (owner: string, allowed?: readonly string[]) => {
    const { services } = await open(allowed);
    const request = transcriptionRequest({ webhookUrl: "http://127.0.0.1:9/hook" });
    return createTranscription(services, { owner, keyId: "ke_1" }, request, null);
  };
  await expect(ask("default")).resolves.toMatchObject({ replayed: false });
  await expect(ask("radio", ["radio"])).resolves.toMatchObject({ replayed: false });
  await expect(ask("radio")).rejects.toThrow(InvalidRequestError);
  await expect(ask("default", [])).rejects.toThrow(InvalidRequestError);
});
