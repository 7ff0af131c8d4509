import { describe, expect, test } from "vitest";
import { type Answer, apiClient } from "../../support/api-client.ts";
import { apiWorld, listen, transcribe } from "../../support/api-world.ts";

const UNKNOWN = { transcriptions: `tr_${"0".repeat(32)}`, batches: `ba_${"0".repeat(32)}` };

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  const ann = apiClient(base, world.keys.ann);
  const bob = apiClient(base, world.keys.bob);
  const webhook = { url: "https://example.com/h" };
  const completed = (await ann("POST", "/v1/transcriptions", { webhook })).json.id;
  await transcribe(world, completed);
  const waiting = (await ann("POST", "/v1/transcriptions", { webhook })).json.id;
  const deleted = (await ann("POST", "/v1/transcriptions")).json.id;
  await ann("DELETE", `/v1/transcriptions/${deleted}`);
  const body = { source: { bucket: "tapes", prefix: "" }, webhook };
  const batch = (await ann("POST", "/v1/batches", body)).json.id;
  return { world, ann, bob, ids: { transcriptions: [completed, waiting, deleted], batches: [batch] } };
}

/** All that a caller sees but for the id and what differs between any two answers. */
function seen({ status, headers, text }: Answer, id: string) {
  const others = [...headers].filter(([name]) => !["x-request-id", "date", "ratelimit"].includes(name));
  return { status, headers: others, text: text.replaceAll(id, "ID") };
}

describe("another owner's id", () => {
  test("is answered like an unknown one, by every call that takes one", async () => {
    const { world, ann, bob, ids } = await start();
    const document = (await bob("GET", "/openapi.json")).json;
    const before = await Promise.all(
      ids.transcriptions.map(async (id) => (await ann("GET", `/v1/transcriptions/${id}`)).text),
    );
    let calls = 0;
    for (const [path, methods] of Object.entries<object>(document.paths)) {
      const kind = path.startsWith("/v1/batches") ? "batches" : "transcriptions";
      if (!path.includes("{id}")) continue;
      for (const method of [...Object.keys(methods), "head"])
        for (const id of ids[kind]) {
          const send = (which: string) => bob(method.toUpperCase(), path.replace("{id}", which));
          const foreign = seen(await send(id), id);
          expect(foreign).toEqual(seen(await send(UNKNOWN[kind]), UNKNOWN[kind]));
          if (method !== "head") expect([path, foreign.status]).toEqual([path, 404]);
          calls++;
        }
    }
    expect(calls).toBeGreaterThanOrEqual(26);
    const after = await Promise.all(
      ids.transcriptions.map(async (id) => (await ann("GET", `/v1/transcriptions/${id}`)).text),
    );
    expect(after).toEqual(before);
    expect((await world.services.store.getBatch(ids.batches[0]))?.state).toBe("listing");
  });

  test("is in no list, and no filter finds it", async () => {
    const { bob, ids } = await start();
    const queries = ["transcriptions", `transcriptions?batch_id=${ids.batches[0]}`, "batches"];
    for (const query of queries)
      expect((await bob("GET", `/v1/${query}`)).json).toEqual({ data: [], next: null });
  });

  test("is in no list by way of another owner's cursor", async () => {
    const { ann, bob } = await start();
    const { next } = (await ann("GET", "/v1/transcriptions?limit=1")).json;
    expect((await bob("GET", `/v1/transcriptions?after=${next}`)).json).toEqual({ data: [], next: null });
  });
});

describe("owners", () => {
  test("have webhook secrets of their own", async () => {
    const { ann, bob } = await start();
    const [one, other] = [await ann("GET", "/v1/webhook-secrets"), await bob("GET", "/v1/webhook-secrets")];
    expect(one.json.data[0].secret).not.toBe(other.json.data[0].secret);
  });

  test("read no bucket that is another's", async () => {
    const { bob } = await start();
    const refused = await bob("POST", "/v1/transcriptions", {
      source: { bucket: "tapes", key: "2019/a.wav" },
    });
    const nowhere = await bob("POST", "/v1/transcriptions", {
      source: { bucket: "nosuch", key: "2019/a.wav" },
    });
    expect(refused.text.replaceAll("tapes", "nosuch")).toBe(nowhere.text);
  });
});
