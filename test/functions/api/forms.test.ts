import { expect, test } from "vitest";
import { LAMBDA_FORMS } from "../../../functions/api/forms/limits.ts";
import { openForm } from "../../../functions/api/forms/open-form.ts";
import { QUOTAS } from "../../../src/aws/quotas.ts";
import { ServiceError } from "../../../src/jobs/errors.ts";
import { apiWorld } from "../../support/api-world.ts";

const LIMITS = {
  mostBytes: 10_000_000,
  idleSeconds: 600,
  tooLarge: () => new ServiceError("too_large", "Too large."),
};

function form(size: number): FormData {
  const made = new FormData();
  made.set("before", "1");
  made.append("list[]", "a");
  made.append("list[]", "b");
  made.set("file", new Blob([new Uint8Array(size).fill(7)]), "ü.wav");
  made.set("after", "2");
  return made;
}

async function bytesOf(made: FormData) {
  const request = new Request("http://x/", { method: "POST", body: made });
  const type = String(request.headers.get("content-type"));
  return { bytes: new Uint8Array(await request.arrayBuffer()), type };
}

const request = (body: Uint8Array<ArrayBuffer> | ReadableStream, type: string) =>
  new Request("http://x/", {
    method: "POST",
    body,
    headers: { "content-type": type },
    ...({ duplex: "half" } as object),
  });

async function read(from: Request, limits = LIMITS) {
  const open = await openForm(from, limits);
  let size = 0;
  for await (const piece of open.content) size += piece.length;
  return { open, size, fields: Object.fromEntries(await open.rest()) };
}

test("the file is read as it comes, the fields around it are kept", async () => {
  const { bytes, type } = await bytesOf(form(1_000_000));
  const { open, size, fields } = await read(request(bytes, type));
  expect(open.fileName).toBe("ü.wav");
  expect(Object.fromEntries(open.fields)).toEqual({ before: ["1"], list: ["a", "b"] });
  expect(size).toBe(1_000_000);
  expect(fields).toEqual({ before: ["1"], list: ["a", "b"], after: ["2"] });
});

test("no more is taken from the connection than is read", async () => {
  const { bytes, type } = await bytesOf(form(5_000_000));
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = bytes.subarray(taken, taken + 65_536);
        taken += piece.length;
        if (piece.length === 0) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  const open = await openForm(request(body, type), LIMITS);
  expect(taken).toBeLessThan(500_000);
  let size = 0;
  for await (const piece of open.content) {
    size += piece.length;
    expect(taken - size).toBeLessThan(500_000);
  }
  expect(size).toBe(5_000_000);
});

test("a form that is cut off anywhere is an error, and reading it ends", async () => {
  const { bytes, type } = await bytesOf(form(300_000));
  for (const cut of [0, 10, 150, 500, 1000, 100_000, bytes.length - 200, bytes.length - 60, bytes.length - 5])
    await expect(read(request(bytes.slice(0, cut), type)), `after ${cut}`).rejects.toMatchObject({
      code: "invalid_request",
    });
});

test("a form that stands still is given up", async () => {
  const { bytes, type } = await bytesOf(form(300_000));
  const body = new ReadableStream({ start: (controller) => controller.enqueue(bytes.slice(0, 1000)) });
  const reading = read(request(body, type), { ...LIMITS, idleSeconds: 0.2 });
  await expect(reading).rejects.toMatchObject({ code: "request_timeout" });
});

test("a form beyond the limit is given up where it crosses it, without a Content-Length too", async () => {
  const { bytes, type } = await bytesOf(form(10_000_000));
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 100_000) controller.enqueue(bytes.slice(at, at + 100_000));
      controller.close();
    },
  });
  await expect(read(request(body, type))).rejects.toMatchObject({ code: "too_large" });
});

test("a file that is left stops the form", async () => {
  const { bytes, type } = await bytesOf(form(5_000_000));
  const open = await openForm(request(bytes, type), LIMITS);
  for await (const _ of open.content) break;
  await expect(open.rest()).rejects.toMatchObject({ code: "invalid_request" });
});

test.each([
  ["no file", (made: FormData) => made.delete("file"), "file"],
  ["two files", (made: FormData) => made.append("file", new Blob(["x"]), "b.wav"), "file"],
  ["a file of another name", (made: FormData) => made.set("before", new Blob(["x"]), "b.wav"), "before"],
  ["a field as long as a book", (made: FormData) => made.set("after", "x".repeat(70_000)), "after"],
])("%s is refused", async (_, change, field) => {
  const made = form(1000);
  change(made);
  const { bytes, type } = await bytesOf(made);
  await expect(read(request(bytes, type))).rejects.toMatchObject({
    code: "invalid_request",
    details: { field },
  });
});

test("what is no form, or names no boundary, is told what to send", async () => {
  const { app, keys } = await apiWorld();
  const send = (type: string) =>
    app.request("/v1/audio/transcriptions", {
      method: "POST",
      body: "RIFF",
      headers: { authorization: `Bearer ${keys.ann}`, "content-type": type },
    });
  const wav = await send("audio/wav");
  expect(wav.status).toBe(415);
  expect(await wav.json()).toMatchObject({
    code: "unsupported_media_type",
    error: { type: "invalid_request_error" },
  });
  const nameless = await send("multipart/form-data");
  expect(nameless.status).toBe(400);
  expect(await nameless.json()).toMatchObject({ detail: expect.stringContaining("boundary") });
});

test("on AWS the largest form fits into an event of Lambda, base64 and headers included", () => {
  const headers = 10 * 1024 + 8 * 1024;
  const event = Math.ceil(LAMBDA_FORMS.mostBytes / 3) * 4 + headers;
  expect(event).toBeLessThan(QUOTAS.lambda.payloadBytes);
  expect(LAMBDA_FORMS.mostBytes).toBeLessThan(QUOTAS.apiGateway.payloadBytes);
  expect(LAMBDA_FORMS.waitSeconds).toBeLessThan(QUOTAS.apiGateway.integrationSeconds - 2);
});
