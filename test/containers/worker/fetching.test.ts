import { afterAll, beforeAll, expect, test } from "vitest";
import { makeReadRemote } from "../../../containers/worker/remote/read-remote.ts";
import { Transcriber } from "../../../src/asr/index.ts";
import type { RemoteSource } from "../../../src/jobs/transcription.ts";
import { cancelTranscription } from "../../../src/jobs/use-cases/cancel-transcription.ts";
import { createTranscription } from "../../../src/jobs/use-cases/create-transcription.ts";
import { serve } from "../../functions/deliver-webhook/servers.ts";
import { PACK } from "../../src/asr/golden.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";
import { request } from "./give.ts";
import { COMMANDS, commands } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { BUCKET, OWNER, recordOf, transcriptOf, type World, type WorldOptions } from "./world.ts";

let transcriber: Transcriber;
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
});
afterAll(() => transcriber.close());

const readRemote = makeReadRemote({ pause: async () => {}, idleSeconds: 600 });
const SECRET = { headers: { authorization: "Bearer hush-1" }, query: "?signature=hush-2" };

async function worldWith(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await newWorld(options);
  world.services.allowLocalSources = true;
  return world;
}

async function fromUrl({ services }: World, remote: RemoteSource): Promise<string> {
  const caller = { owner: OWNER, keyId: "ke_1" };
  const { record, upload } = await createTranscription(
    services,
    caller,
    request({ fileName: null, remote, options: { formatText: false } }),
    null,
  );
  expect(upload).toBeNull();
  return record.id;
}

test("a recording elsewhere is fetched over cuts, kept as an upload is, and its secrets forgotten", async () => {
  const world = await worldWith();
  const bytes = await commands();
  let calls = 0;
  const { url, received } = await serve((incoming, response) => {
    const from = Number(/bytes=(\d+)-/.exec(incoming.headers.range ?? "")?.[1] ?? 0);
    const size = bytes.length;
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"v1"',
      "content-length": size - from,
      ...(from > 0 && { "content-range": `bytes ${from}-${size - 1}/${size}` }),
    });
    if (calls++ > 0) return void response.end(bytes.subarray(from));
    response.write(bytes.subarray(0, 50_000), () => response.destroy());
  });
  const id = await fromUrl(world, {
    url: `${url.replace("/hook", "/calls/call%2017.wav")}${SECRET.query}`,
    headers: SECRET.headers,
  });
  startWorker(world.services, transcriber, { readRemote });
  const [record] = await settled(world, [id]);
  expect(record).toMatchObject({ state: "completed", origin: "url", fileName: "call 17.wav", attempts: 1 });
  expect((await transcriptOf(world, id)).text).toBe(COMMANDS);
  expect(received).toHaveLength(2);
  for (const { request } of received)
    expect(request.headers.authorization).toBe(SECRET.headers.authorization);
  const stored = await world.services.blobs.head({ bucket: BUCKET, key: `uploads/${id}/call 17.wav` });
  expect(stored?.size).toBe(bytes.length);
  expect(JSON.stringify([record, world.logged])).not.toContain("hush");
});

test.each([
  ["is not there", 404, "", "not_found"],
  ["wants a key", 401, "", "access_denied"],
  ["is a page", 200, "<!doctype html><title>Sign in</title>", "unsupported_media"],
  ["cannot be had now, at the last try", 503, "", "source_unreachable"],
])("one that %s fails with a code, once, and without its secrets", async (_, status, body, code) => {
  const world = await worldWith({ limits: { attempts: 1 } });
  const { url } = await serve((_request, response) => response.writeHead(status).end(body));
  const id = await fromUrl(world, { url: `${url}${SECRET.query}`, headers: SECRET.headers });
  startWorker(world.services, transcriber, { readRemote });
  const [record] = await settled(world, [id]);
  expect(record).toMatchObject({ state: "failed", error: { code }, attempts: 1 });
  expect(JSON.stringify([record, world.logged])).not.toContain("hush");
});

test("one that cannot be had now is asked for again later", async () => {
  // By the clock, which stands still, it does not come again.
  const world = await worldWith({ clock: new ManualClock() });
  const { url } = await serve((_, response) => response.writeHead(503).end());
  const id = await fromUrl(world, { url, headers: {} });
  startWorker(world.services, transcriber, { readRemote });
  await expect
    .poll(
      async () =>
        (await recordOf(world, id)).times.processing !== undefined && (await recordOf(world, id)).state,
    )
    .toBe("queued");
  expect(await recordOf(world, id)).toMatchObject({ attempts: 1, error: null });
});

test("one that is canceled while it is fetched is left at once, and nothing of it stays", async () => {
  const world = await worldWith();
  const { url, sockets } = await serve((_, response) => void response.writeHead(200).write("RIFF"));
  const id = await fromUrl(world, { url, headers: {} });
  startWorker(world.services, transcriber, { readRemote });
  await expect.poll(() => sockets.size).toBe(1);

  await cancelTranscription(world.services, { owner: OWNER, keyId: "ke_1" }, id);
  await expect.poll(() => sockets.size).toBe(0);
  const [record] = await settled(world, [id]);
  expect(record).toMatchObject({ state: "canceled" });
  expect(await world.services.blobs.head(record.source)).toBeNull();
});
