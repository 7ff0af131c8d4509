import { expect, test } from "vitest";
import { apiClient, type Send } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  const ann = apiClient(await listen(world), world.keys.ann);
  const add = async (body: object) => {
    world.clock.advance(60);
    return (await ann("POST", "/v1/transcriptions", body)).json.id as string;
  };
  return { world, ann, add };
}

/** Ids over all pages, oldest first, and how many pages there were. */
async function list(send: Send, query: string) {
  const ids: string[] = [];
  let pages = 0;
  for (let next: string | null = ""; next !== null; pages++) {
    const { json, status, text } = await send(
      "GET",
      `/v1/transcriptions?${query}${next && `&after=${next}`}`,
    );
    expect(status, text).toBe(200);
    ids.push(...json.data.map(({ id }: { id: string }) => id));
    next = json.next;
  }
  return { ids: ids.toReversed(), pages };
}

test("a list is of those with a part of a file name, in whatever case", async () => {
  const { ann, add } = await start();
  const calls = [await add({ file_name: "Call-17.wav" }), await add({ file_name: "my call-171.mp3" })];
  await add({ file_name: "interview.wav" });
  await add({});
  expect((await list(ann, "file_name=CALL-17")).ids).toEqual(calls);
  expect((await list(ann, "file_name=call-17&limit=1")).ids).toEqual(calls);
  expect((await list(ann, "file_name=nothing")).ids).toEqual([]);
});

test("a list is of those with an entry of metadata, its value to the letter", async () => {
  const { ann, add } = await start();
  const id = await add({ metadata: { order: "a=b c", other: "x" } });
  await add({ metadata: { order: "a=b" } });
  await add({ metadata: { "order=a": "b c" } });
  await add({ metadata: { toString: "x" } });
  expect((await list(ann, `metadata=${encodeURIComponent("order=a=b c")}`)).ids).toEqual([id]);
  expect((await list(ann, "metadata=valueOf=")).ids).toEqual([]);
  for (const wrong of ["order", "=x", ""])
    expect((await ann("GET", `/v1/transcriptions?metadata=${wrong}`)).status).toBe(400);
});

test("a list is of those created from one time on and before another, in any time zone", async () => {
  const { ann, add } = await start();
  const ids = [await add({}), await add({}), await add({}), await add({})];
  const from = encodeURIComponent("2026-03-01T14:02:00+02:00");
  const range = `created_after=${from}&created_before=2026-03-01T12:04:00Z`;
  expect((await list(ann, range)).ids).toEqual(ids.slice(1, 3));
  expect((await list(ann, `${range}&limit=1&status=awaiting_upload`)).ids).toEqual(ids.slice(1, 3));
  for (const wrong of ["created_after=yesterday", "created_before=2026-03-01"])
    expect((await ann("GET", `/v1/transcriptions?${wrong}`)).status).toBe(400);
});

test("a search among many goes on over pages that find nothing, each of which reads so much and no more", async () => {
  const { world, ann, add } = await start();
  const metadata = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`, "x".repeat(1000)]));
  const wanted = await add({ file_name: "wanted.wav" });
  for (let i = 0; i < 100; i++) await add({ metadata });
  const { store } = world.services;
  let records = 0;
  const original = store.listTranscriptions.bind(store);
  store.listTranscriptions = async (query) => {
    const page = await original(query);
    records += page.items.length;
    return page;
  };
  const { json } = await ann("GET", "/v1/transcriptions?file_name=wanted&limit=10");
  expect([json.data, typeof json.next]).toEqual([[], "string"]);
  expect(records).toBeLessThanOrEqual(80);
  const { ids, pages } = await list(ann, "file_name=wanted&limit=10");
  expect(ids).toEqual([wanted]);
  expect(pages).toBeGreaterThan(1);
});
