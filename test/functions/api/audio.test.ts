import { describe, expect, test } from "vitest";
import { downloadRoutes } from "../../../src/local/download-routes.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

const RECORDING = "0123456789";

async function start(body: object = { file_name: "call 17.wav" }) {
  const world = await apiWorld();
  const base = await listen(world);
  const ann = apiClient(base, world.keys.ann);
  const { id, source } = (await ann("POST", "/v1/transcriptions", body)).json;
  const { blobs, store } = world.services;
  if (!source) await blobs.put((await store.getTranscription(id))!.source, RECORDING);
  const downloads = downloadRoutes({ blobs, clock: world.clock, secret: new Uint8Array(32) });
  const get =
    (headers: Record<string, string>, method = "GET") =>
    async () => {
      const { json } = await ann("GET", path, undefined, { accept: "application/json" });
      return downloads.request(json.download_url, { method, headers });
    };
  const path = `/v1/transcriptions/${id}/audio`;
  return { world, base, ann, id, path, downloads, get };
}

describe("the recording", () => {
  test("is a 303 to where it lies, which needs no key and ends after an hour", async () => {
    const { ann, path, downloads, world } = await start();
    const { status, headers, json } = await ann("GET", path);
    expect([status, headers.get("location")]).toEqual([303, json.download_url]);
    expect(json.expires_at).toBe("2026-03-01T13:00:00.000Z");
    const answer = await downloads.request(json.download_url);
    expect([answer.status, await answer.text()]).toEqual([200, RECORDING]);
    expect(answer.headers.get("accept-ranges")).toBe("bytes");
    world.clock.advance(3_600_000);
    expect((await downloads.request(json.download_url)).status).toBe(403);
  });

  test("is a link in a 200 for a page, which cannot see where a redirect leads", async () => {
    const { ann, path } = await start();
    const { status, json } = await ann("GET", path, undefined, { accept: "application/json" });
    expect([status, Object.keys(json)]).toEqual([200, ["download_url", "expires_at"]]);
  });

  test.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/10"],
    ["bytes=4-", 206, "456789", "bytes 4-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, RECORDING, "bytes 0-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=3-1", 200, RECORDING, null],
    ["bytes=0-1,4-5", 200, RECORDING, null],
    ["lines=0-1", 200, RECORDING, null],
  ])("in part, as Range %s asks for it, is a %i", async (range, status, text, contentRange) => {
    const answer = await (await start()).get({ range })();
    expect([answer.status, await answer.text()]).toEqual([status, text]);
    expect(answer.headers.get("content-range")).toBe(contentRange);
    if (status !== 416) expect(answer.headers.get("content-length")).toBe(String(text.length));
  });

  test("comes whole where what was read before is another", async () => {
    const { get } = await start();
    const etag = (await get({}, "HEAD")()).headers.get("etag")!;
    expect((await get({ range: "bytes=2-3", "if-range": etag }, "HEAD")()).status).toBe(206);
    expect((await get({ range: "bytes=2-3", "if-range": '"other"' }, "HEAD")()).status).toBe(200);
  });

  test("has headers alone for HEAD", async () => {
    const answer = await (await start()).get({ range: "bytes=2-5" }, "HEAD")();
    expect([answer.status, await answer.text()]).toEqual([206, ""]);
    expect(answer.headers.get("content-length")).toBe("4");
  });

  test.each([
    [{ file_name: "a.wav" }, "audio/wav"],
    [{ file_name: "a.bin", content_type: "audio/ogg; codecs=opus" }, "audio/ogg"],
    [{ file_name: "talk.MP4" }, "video/mp4"],
    [{ file_name: "x.html", content_type: "text/html" }, "application/octet-stream"],
    [{ file_name: "x.svg", content_type: "image/svg+xml" }, "application/octet-stream"],
    [{}, "application/octet-stream"],
  ])("%j is served as %s and never as a page", async (body, type) => {
    const answer = await (await start(body)).get({}, "HEAD")();
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  });

  test("of an object in a bucket comes while that may be read, and no longer", async () => {
    let buckets = ["tapes"];
    const world = await apiWorld({}, () => ({ sourceBuckets: async () => buckets }));
    const ann = apiClient(await listen(world), world.keys.ann);
    const source = { bucket: "tapes", key: "2019/a.wav" };
    const { id } = (await ann("POST", "/v1/transcriptions", { source })).json;
    expect((await ann("GET", `/v1/transcriptions/${id}/audio`)).status).toBe(303);
    buckets = [];
    const { status, json } = await ann("GET", `/v1/transcriptions/${id}/audio`);
    expect([status, json.code]).toEqual([404, "not_found"]);
  });

  test("is not there before the upload, and gone after the deletion", async () => {
    const { ann, base, world, id, path } = await start();
    const other = (await ann("POST", "/v1/transcriptions")).json.id;
    expect((await ann("GET", `/v1/transcriptions/${other}/audio`)).json.code).toBe("not_found");
    const bob = apiClient(base, world.keys.bob);
    expect((await bob("GET", path)).json.code).toBe("not_found");
    await ann("DELETE", `/v1/transcriptions/${id}`);
    expect((await ann("GET", path)).json.code).toBe("deleted");
  });
});
