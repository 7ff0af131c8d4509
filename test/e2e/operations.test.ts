import { Writable } from "node:stream";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { toWav } from "../../bench/wav.ts";
import { jsonLog, silentLog } from "../../local/log.ts";
import type { Log } from "../../src/jobs/ports/index.ts";
import { systemClock } from "../../src/local/system-clock.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { call, callOk, ended, submit } from "./support/client.ts";
import { startService } from "./support/local-service.ts";
import { receiveWebhooks } from "./support/webhook-receiver.ts";

shareTranscribers();

const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url).pathname;

test("the metrics tell of transcriptions, queues, webhooks and calls", async () => {
  const service = await startService();
  const receiver = await receiveWebhooks();
  const id = await submit(service, YES, { webhook: { url: receiver.url } });
  await submit(service, new Uint8Array());
  await expect
    .poll(async () => (await callOk(service, "GET", `/v1/transcriptions/${id}`)).webhook?.status)
    .toBe("delivered");
  const figures = async () => (await fetch(`${service.url}/metrics`)).text();
  await expect.poll(figures).toContain('scriptorium_transcriptions_total{state="failed",code="no_audio"} 1');
  const text = await figures();
  expect(text).toContain('scriptorium_transcriptions_total{state="completed",code=""} 1');
  expect(text).toMatch(/^scriptorium_audio_seconds_total 0\.\d+/m);
  expect(text).toMatch(/^scriptorium_rtf_count 1$/m);
  expect(text).toContain('scriptorium_webhook_attempts_total{outcome="delivered"} 1');
  expect(text).toContain('scriptorium_queue_messages{queue="transcribe",state="visible"} 0');
  expect(text).toContain('scriptorium_queue_oldest_seconds{queue="archive"} 0');
  expect(text).toMatch(
    /scriptorium_http_request_seconds_count\{method="POST",route="\/v1\/transcriptions",status="201"\} 2/,
  );
});

test("the log has one line per transition, with ids and without keys", async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).trim().split("\n"));
      done();
    },
  });
  const service = await startService({ log: jsonLog(stream, systemClock) });
  const id = await submit(service, YES);
  await ended(service, id);
  const events = () =>
    lines
      .map((line) => JSON.parse(line) as { event: string; id?: string })
      .filter((line) => line.id === id)
      .map(({ event }) => event);
  await expect
    .poll(events)
    .toEqual([
      "transcription.created",
      "transcription.queued",
      "transcription.processing",
      "transcription.completed",
    ]);
  expect(lines.join("\n")).not.toContain(service.access.key);
});

test("after a rotation, events are signed with both secrets", async () => {
  const service = await startService();
  const receiver = await receiveWebhooks();
  await callOk(service, "POST", "/v1/webhook-secrets/rotate");
  const secrets = await callOk<{ data: { secret: string }[] }>(service, "GET", "/v1/webhook-secrets");
  expect(secrets.data).toHaveLength(2);
  await submit(service, YES, { webhook: { url: receiver.url } });
  await expect.poll(() => receiver.events.length, { timeout: 100_000 }).toBe(1);
  const [{ body, headers }] = receiver.events;
  for (const { secret } of secrets.data)
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toBeTruthy();
});

test("an endpoint that is down is tried again, and can be called again by hand", async () => {
  const service = await startService();
  const receiver = await receiveWebhooks((index) => (index === 0 ? 500 : 204));
  const id = await submit(service, YES, { webhook: { url: receiver.url } });
  const webhook = async () => (await callOk(service, "GET", `/v1/transcriptions/${id}`)).webhook;
  await expect.poll(webhook, { timeout: 100_000 }).toMatchObject({
    status: "delivered",
    attempts: [{ status: 500 }, { status: 204 }],
  });
  const again = await call(service, "POST", `/v1/transcriptions/${id}/webhook/redeliver`);
  expect(again.status).toBe(202);
  await expect.poll(() => receiver.events.length, { timeout: 100_000 }).toBe(3);
  expect(new Set(receiver.events.map((event) => event.id)).size).toBe(1);
});

test("a long recording can be canceled while it is worked on, and leaves the queue", async () => {
  const begun: unknown[] = [];
  const info: Log["info"] = (event, fields) => event === "transcription.processing" && begun.push(fields?.id);
  const service = await startService({ log: { ...silentLog, info } });
  const created = await callOk(service, "POST", "/v1/transcriptions", {});
  await fetch(created.upload!.url, { ...created.upload, body: hum() });
  await expect.poll(() => begun, { interval: 5 }).toEqual([created.id]);
  await callOk(service, "POST", `/v1/transcriptions/${created.id}/cancel`);
  const depth = async () =>
    /queue_messages\{queue="transcribe",state="in_flight"\} (\d)/.exec(
      await (await fetch(`${service.url}/metrics`)).text(),
    )?.[1];
  await expect.poll(depth).toBe("0");
  expect((await callOk(service, "GET", `/v1/transcriptions/${created.id}`)).status).toBe("canceled");
});

/** Twenty minutes of a hum: 16 kHz PCM16 WAV. */
function hum(): Uint8Array<ArrayBuffer> {
  const samples = new Int16Array(1200 * 16_000);
  for (let at = 0; at < samples.length; at++) samples[at] = ((at * 7919) % 4001) - 2000;
  return new Uint8Array(toWav(samples));
}
