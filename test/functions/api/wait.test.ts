import { describe, expect, test } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { type ApiWorld, apiWorld, failTranscription, listen, transcribe } from "../../support/api-world.ts";
import { override } from "../../support/override.ts";

const SOURCE = { source: { bucket: "tapes", key: "2019/a.wav" } };

/** `during` is called at each pause between two looks, with its number and length. */
async function start(during: (world: ApiWorld, n: number, ms: number) => Promise<void> = async () => {}) {
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    await during(world, pauses.length, ms);
  };
  const world: ApiWorld = await apiWorld({}, undefined, { pause });
  const base = await listen(world);
  return { world, pauses, base, ann: apiClient(base, world.keys.ann), bob: apiClient(base, world.keys.bob) };
}

const theOne = async ({ services }: ApiWorld) =>
  (await services.store.listTranscriptions({ owner: "ann", limit: 1 })).items[0].id;

describe("a call that waits", () => {
  test("is answered as soon as the transcription has ended", async () => {
    const { ann, pauses } = await start(async (world, n) => {
      if (n === 3) await transcribe(world, await theOne(world));
    });
    const { json } = await ann("POST", "/v1/transcriptions", SOURCE);
    const answer = await ann("GET", `/v1/transcriptions/${json.id}?wait=20`);
    expect([answer.status, answer.json.status]).toEqual([200, "completed"]);
    expect(answer.json.download_url).toBeDefined();
    expect(pauses).toEqual([200, 400, 800]);
  });

  test("is answered with a failure too", async () => {
    const { ann } = await start(async (world) => failTranscription(world, await theOne(world)));
    const { json } = await ann("POST", "/v1/transcriptions", SOURCE);
    const answer = await ann("GET", `/v1/transcriptions/${json.id}?wait=1`);
    expect(answer.json).toMatchObject({ status: "failed", error: { code: "no_audio" } });
  });

  test("creates and waits in one, where there is nothing to upload", async () => {
    const { ann } = await start(async (world, n) => {
      if (n === 2) await transcribe(world, await theOne(world));
    });
    const answer = await ann("POST", "/v1/transcriptions?wait=25", SOURCE);
    expect([answer.status, answer.json.status]).toEqual([201, "completed"]);
  });

  test("says where to upload at once", async () => {
    const { ann, pauses } = await start();
    const answer = await ann("POST", "/v1/transcriptions?wait=25", { file_name: "a.wav" });
    expect(answer.json.upload.url).toBeDefined();
    expect(pauses).toEqual([]);
  });

  test("is answered as things stand when the time is over, and looks once a second at most", async () => {
    const { ann, pauses } = await start();
    const { json } = await ann("POST", "/v1/transcriptions", SOURCE);
    const answer = await ann("GET", `/v1/transcriptions/${json.id}?wait=5`);
    expect(answer.json.status).toBe("queued");
    expect(pauses).toEqual([200, 400, 800, 1000, 1000, 1000, 600]);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBe(5000);
  });

  test("does not wait for what has ended, for another owner's, nor without being asked", async () => {
    const { world, ann, bob, pauses } = await start();
    const { json } = await ann("POST", "/v1/transcriptions", SOURCE);
    expect((await bob("GET", `/v1/transcriptions/${json.id}?wait=20`)).status).toBe(404);
    expect((await ann("GET", `/v1/transcriptions/${json.id}`)).json.status).toBe("queued");
    await transcribe(world, json.id);
    expect((await ann("GET", `/v1/transcriptions/${json.id}?wait=20`)).json.status).toBe("completed");
    expect(pauses).toEqual([]);
  });

  test("ends where nobody listens any more", async () => {
    const gone = new AbortController();
    const heard = Promise.withResolvers<unknown>();
    const { world, ann, pauses } = await start(async (_, n) => {
      if (n < 2) return;
      gone.abort();
      await heard.promise;
    });
    const fetchOf = world.app.fetch;
    const base = await listen({
      app: override(world.app, {
        fetch: (request, ...rest) => {
          if (request.url.includes("wait=")) request.signal.addEventListener("abort", heard.resolve);
          return fetchOf(request, ...rest);
        },
      }),
    });
    const { json } = await ann("POST", "/v1/transcriptions", SOURCE);
    const headers = { authorization: `Bearer ${world.keys.ann}` };
    const call = fetch(`${base}/v1/transcriptions/${json.id}?wait=25`, { headers, signal: gone.signal });
    await expect(call).rejects.toThrow(/abort/i);
    await expect
      .poll(() =>
        world.logged.some(
          ({ event, route }) => event === "request.served" && route === "/v1/transcriptions/:id",
        ),
      )
      .toBe(true);
    expect(pauses).toHaveLength(2);
  });

  test.each(["-1", "26", "1.5", "x", ""])("for %s seconds is refused", async (wait) => {
    const { ann } = await start();
    const answer = await ann("GET", `/v1/transcriptions/tr_${"0".repeat(32)}?wait=${wait}`);
    expect([answer.status, answer.json.code]).toEqual([400, "invalid_request"]);
  });
});
