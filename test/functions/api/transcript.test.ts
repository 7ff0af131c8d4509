import { describe, expect, test } from "vitest";
import { apiClient, type Send } from "../../support/api-client.ts";
import { apiWorld, listen, transcribe } from "../../support/api-world.ts";

async function start(
  body: object = { file_name: "call 17.wav" },
): Promise<{ read: Send; ann: Send; id: string }> {
  const world = await apiWorld();
  const ann = apiClient(await listen(world), world.keys.ann);
  const { id } = (await ann("POST", "/v1/transcriptions", body)).json;
  await transcribe(world, id);
  const path = `/v1/transcriptions/${id}/transcript`;
  return { ann, id, read: (method, query, _, headers) => ann(method, path + query, undefined, headers) };
}

describe("a transcript", () => {
  test.each([
    ["json", "application/json", '"text":"hello there"'],
    ["text", "text/plain; charset=utf-8", "hello there"],
    ["srt", "application/x-subrip", "1\n00:00:00,000 -->"],
    ["vtt", "text/vtt", "WEBVTT"],
  ])("comes as %s by ?format", async (format, type, part) => {
    const { read } = await start();
    const { status, headers, text } = await read("GET", `?format=${format}`, undefined, {
      accept: "image/png",
    });
    expect([status, headers.get("content-type")]).toEqual([200, type]);
    expect(text).toContain(part);
    const extension = format === "text" ? "txt" : format;
    expect(headers.get("content-disposition")).toBe(`inline; filename="call 17.${extension}"`);
    expect(headers.get("vary")).toContain("Accept");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test.each([
    ["*/*", "application/json"],
    ["", "application/json"],
    ["text/*", "text/plain; charset=utf-8"],
    ["text/vtt", "text/vtt"],
    ["TEXT/VTT; q=1.000", "text/vtt"],
    ["text/vtt;q=0.4, application/x-subrip;q=0.5", "application/x-subrip"],
    ["text/html, */*;q=0.1", "application/json"],
    ["*/*, application/json;q=0", "text/plain; charset=utf-8"],
    ["text/plain;q=0, text/*", "text/vtt"],
    ["application/json;q=0.1, text/vtt;q=nonsense", "application/json"],
    ["image/png", null],
    ["application/json;q=0", null],
    ["*/*;q=0", null],
    ["nonsense", null],
  ])("with Accept %j is %s", async (accept, type) => {
    const { read } = await start();
    const { status, headers, json } = await read("GET", "", undefined, { accept });
    if (type === null) expect([status, json.code]).toEqual([406, "not_acceptable"]);
    else expect([status, headers.get("content-type")]).toEqual([200, type]);
  });

  test("is not sent again to who has it", async () => {
    const { read } = await start();
    const etag = (await read("GET", "?format=srt")).headers.get("etag")!;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const { status, text, headers } = await read("GET", "?format=srt", undefined, {
        "if-none-match": known,
      });
      expect([status, text, headers.get("etag")]).toEqual([304, "", etag]);
    }
    expect((await read("GET", "?format=vtt", undefined, { "if-none-match": etag })).status).toBe(200);
  });

  test("has headers alone for HEAD", async () => {
    const { read } = await start();
    const { status, text, headers } = await read("HEAD", "?format=vtt");
    expect([status, text, headers.get("content-type")]).toEqual([200, "", "text/vtt"]);
  });

  test.each([
    ['a"b\\c.mp3', `inline; filename="c.srt"`],
    ["übung\r\nx: y.wav", `inline; filename="_bung__x_ y.srt"; filename*=UTF-8''%C3%BCbung__x_%20y.srt`],
    ["../../etc/passwd", `inline; filename="passwd.srt"`],
    ["...", `inline; filename="recording.srt"`],
    ["(it's).wav", `inline; filename="(it's).srt"`],
    ["(ít's).wav", `inline; filename="(_t's).srt"; filename*=UTF-8''%28%C3%ADt%27s%29.srt`],
  ])("of %j has a safe file name", async (file_name, expected) => {
    const { read } = await start({ file_name });
    expect((await read("GET", "?format=srt")).headers.get("content-disposition")).toBe(expected);
  });

  test("without a file name has its id for one", async () => {
    const { read, id } = await start({});
    expect((await read("GET", "?format=srt")).headers.get("content-disposition")).toContain(`"${id}.srt"`);
  });

  test("is a conflict before there is one", async () => {
    const { ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions")).json;
    const { status, json } = await ann("GET", `/v1/transcriptions/${id}/transcript`);
    expect([status, json]).toMatchObject([409, { code: "not_completed", current_status: "awaiting_upload" }]);
  });
});
