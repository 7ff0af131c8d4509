import { expect, test } from "vitest";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, failTranscription, listen, transcribe } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  return { world, ann: apiClient(base, world.keys.ann), bob: apiClient(base, world.keys.bob) };
}

test("usage is what ended, by day and key, of one owner, and deletion takes nothing back", async () => {
  const { world, ann, bob } = await start();
  const create = async (body = {}) => (await ann("POST", "/v1/transcriptions", body)).json.id as string;
  const [done, again, failed, canceled] = [await create(), await create(), await create(), await create()];
  await create();
  await transcribe(world, done);
  await failTranscription(world, failed);
  await ann("POST", `/v1/transcriptions/${canceled}/cancel`);
  await ann("DELETE", `/v1/transcriptions/${done}`);
  world.clock.advance(24 * 3600);
  await transcribe(world, again);
  const { audio } = (await ann("GET", `/v1/transcriptions/${again}`)).json;
  const { json } = await ann("GET", "/v1/usage");
  const key_id = json.data[0].key_id;
  expect(key_id).toMatch(/^ke_/);
  const seconds = audio.duration;
  expect(json).toEqual({
    from: "2026-02-01",
    to: "2026-03-02",
    data: [
      {
        day: "2026-03-01",
        key_id,
        recordings: 3,
        completed: 1,
        failed: 1,
        canceled: 1,
        audio_seconds: seconds,
      },
      {
        day: "2026-03-02",
        key_id,
        recordings: 1,
        completed: 1,
        failed: 0,
        canceled: 0,
        audio_seconds: seconds,
      },
    ],
  });
  const dayOne = (await ann("GET", "/v1/usage?from=2026-03-01&to=2026-03-01")).json;
  expect(dayOne.data).toEqual(json.data.slice(0, 1));
  expect((await ann("GET", "/v1/usage?from=2026-03-02")).json.data).toEqual(json.data.slice(1));
  expect((await ann("GET", "/v1/usage?key_id=ke_0")).json.data).toEqual([]);
  expect((await bob("GET", "/v1/usage")).json.data).toEqual([]);
});

test("of a part of a recording the part alone is counted", async () => {
  const { world, ann } = await start();
  const { id } = (await ann("POST", "/v1/transcriptions", { start: 0.25, end: 0.5 })).json;
  await transcribe(world, id);
  expect((await ann("GET", "/v1/usage")).json.data[0].audio_seconds).toBe(0.25);
});

test.each([
  "from=2026-03-02&to=2026-03-01",
  "from=2025-01-01&to=2026-01-01",
  "from=1.3.2026",
  "day=2026-03-01",
])("%s is no range of days", async (query) => {
  const { ann } = await start();
  const { status, json } = await ann("GET", `/v1/usage?${query}`);
  expect([status, json.code]).toEqual([400, "invalid_request"]);
});
