import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { describeWithFfmpeg } from "../support/ffmpeg.ts";
import { ffmpeg } from "../support/run-ffmpeg.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { call, callOk, ended, submit, upload } from "./support/client.ts";
import { startService } from "./support/local-service.ts";
import { receiveWebhooks } from "./support/webhook-receiver.ts";

shareTranscribers();

const COMMANDS = new URL("../fixtures/commands.wav", import.meta.url).pathname;
const COMMANDS_TEXT = "ENTER NINE ONE SEVEN ERASE FOUR FIVE SIX FIVE FIVE FIVE ONE TWO THREE FOUR GO";
const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url).pathname;

describeWithFfmpeg("an MP3", () => {
  test("is uploaded, transcribed, announced by a signed webhook and read in four formats", async () => {
    const service = await startService();
    const receiver = await receiveWebhooks();
    const mp3 = join(await temporaryFolder(), "commands.mp3");
    await ffmpeg("-i", COMMANDS, "-b:a", "64k", mp3);

    const id = await submit(service, mp3, {
      file_name: "commands.mp3",
      content_type: "audio/mpeg",
      webhook: { url: receiver.url },
      metadata: { order: "A-17" },
    });

    await expect.poll(() => receiver.events.length, { timeout: 100_000 }).toBe(1);
    const { body, headers } = receiver.events[0];
    const verified = new Webhook(service.access.webhookSecret).verify(
      body,
      headers as Record<string, string>,
    );
    expect(verified).toMatchObject({
      type: "transcription.completed",
      data: { id, status: "completed", metadata: { order: "A-17" } },
    });

    const path = `/v1/transcriptions/${id}/transcript`;
    const transcript = await callOk<{ verbatim_text: string; audio: object; id: string }>(
      service,
      "GET",
      path,
    );
    expect(transcript).toMatchObject({ id, verbatim_text: COMMANDS_TEXT, audio: { codec: "mp3" } });
    const formats = { text: "text/plain", srt: "application/x-subrip", vtt: "text/vtt" };
    for (const [format, mediaType] of Object.entries(formats)) {
      const answer = await call(service, "GET", `${path}?format=${format}`);
      expect(answer.headers.get("content-type")).toContain(mediaType);
      expect((await answer.text()).replaceAll("\n", " ")).toContain("Erase 456");
    }
    const status = await callOk(service, "GET", `/v1/transcriptions/${id}`);
    expect(status).toMatchObject({ status: "completed", progress: 1 });
    await expect
      .poll(async () => (await callOk(service, "GET", `/v1/transcriptions/${id}`)).webhook)
      .toMatchObject({ status: "delivered", attempts: [{ status: 204 }] });
  });
});

test("a recording that is none fails once, with a code, and says so by webhook", async () => {
  const service = await startService();
  const receiver = await receiveWebhooks();
  const id = await submit(service, new TextEncoder().encode("Dear Sir"), { webhook: { url: receiver.url } });
  const status = await ended(service, id);
  expect(status).toMatchObject({ status: "failed", error: { code: "unsupported_media" } });
  await expect.poll(() => receiver.events.length).toBe(1);
  expect(receiver.events[0].event).toMatchObject({ type: "transcription.failed", data: { id } });
  const answer = await call(service, "GET", `/v1/transcriptions/${id}/transcript`);
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ code: "not_completed", status: 409 });
});

test("a file put into the inbox needs no call", async () => {
  const service = await startService();
  const inbox = join(service.dataFolder, "blobs", "inbox", "default", "calls");
  await mkdir(inbox, { recursive: true });
  await cp(YES, join(inbox, "yes & no.wav"));
  const list = () => callOk<{ data: { id: string; status: string }[] }>(service, "GET", "/v1/transcriptions");
  await expect
    .poll(async () => (await list()).data.map(({ status }) => status), { timeout: 100_000 })
    .toEqual(["completed"]);
  const [{ id }] = (await list()).data;
  const text = await call(service, "GET", `/v1/transcriptions/${id}/transcript?format=text`);
  expect(await text.text()).toMatch(/^Yes\.?\n$/);
});

test("what is deleted leaves a tombstone and no bytes", async () => {
  const service = await startService();
  const id = await submit(service, YES, {
    file_name: "yes.wav",
    metadata: { secret: "x" },
    formats: ["srt"],
  });
  expect(await ended(service, id)).toMatchObject({ status: "completed" });
  expect(await filesBelow(service.dataFolder)).toHaveLength(3); // recording, json, srt

  expect((await call(service, "DELETE", `/v1/transcriptions/${id}`)).status).toBe(204);
  expect(await filesBelow(service.dataFolder)).toEqual([]);
  expect(await callOk(service, "GET", `/v1/transcriptions/${id}`)).toMatchObject({
    status: "deleted",
    metadata: {},
    file_name: null,
  });
  expect((await call(service, "GET", `/v1/transcriptions/${id}/transcript`)).status).toBe(410);
});

test("key, secret and transcripts outlive a restart", async () => {
  const first = await startService();
  const id = await submit(first, YES);
  await ended(first, id);
  await first.close();
  const second = await startService({ dataFolder: first.dataFolder });
  expect(second.access.key).toBe(first.access.key);
  expect(second.access.webhookSecret).toBe(first.access.webhookSecret);
  const text = await call(second, "GET", `/v1/transcriptions/${id}/transcript?format=text`);
  expect(await text.text()).toMatch(/^Yes\.?\n$/);
});

test("what waits when the service goes down is done when it is up again", async () => {
  const first = await startService({ worker: null });
  const uploaded = await submit(first, YES);
  const created = await callOk(first, "POST", "/v1/transcriptions", {});
  await first.close();
  const second = await startService({ dataFolder: first.dataFolder });
  expect(await ended(second, uploaded)).toMatchObject({ status: "completed" });
  // The old URL named the old port; the one of a replay names the new one.
  expect((await callOk(second, "GET", `/v1/transcriptions/${created.id}`)).status).toBe("awaiting_upload");
});

test("the status says queued as soon as the upload is over", async () => {
  const service = await startService({ worker: null });
  const created = await callOk(service, "POST", "/v1/transcriptions", { file_name: "a.wav" });
  expect((await upload(created, YES)).status).toBe(200);
  expect((await callOk(service, "GET", `/v1/transcriptions/${created.id}`)).status).toBe("queued");
  expect((await upload(created, YES)).status).toBe(412);
});

async function filesBelow(dataFolder: string): Promise<string[]> {
  const entries = await readdir(join(dataFolder, "blobs"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
