import { HeadObjectCommand, NotFound, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Deployed } from "./deployed.ts";
import { longRecording, shortRecording } from "./recordings.ts";
import { startBatch } from "./start-batch.ts";
import { deployUnderLoad, interruptSpot } from "./under-load.ts";

export interface Step {
  name: string;
  /** What must be given for it, as a sentence; null where it can be tried. */
  lacks?(deployed: Deployed): string | null;
  /** Returns what it proved. Throws where that is not so. */
  run(deployed: Deployed): Promise<string>;
}

interface Upload {
  url: string;
  headers: Record<string, string>;
}

/** In the order in which they are tried: what is cheap, and would keep the others from working, first. */
export const STEPS: readonly Step[] = [
  { name: "front door", run: frontDoor },
  { name: "upload with a content type", run: (deployed) => upload(deployed, { content_type: "audio/wav" }) },
  { name: "upload without a content type", run: (deployed) => upload(deployed, {}) },
  {
    name: "upload from a browser's origin",
    lacks: ({ options }) => (options.origin === null ? "--origin, one of corsOrigins" : null),
    run: uploadFromBrowser,
  },
  { name: "drop folder", run: dropFolder },
  {
    name: "webhook",
    lacks: ({ options }) => (options.webhookUrl === null ? "--webhook, an endpoint that answers 2xx" : null),
    run: webhook,
  },
  { name: "cancel", run: cancel },
  { name: "delete", run: deletion },
  {
    name: "batch of 20",
    lacks: ({ options }) => (options.batches ? null : "a state machine that calls its functions"),
    run: batch,
  },
  {
    name: "a transcript of hours",
    lacks: ({ options }) => (options.longHours === null ? "--long-hours, 3.5 or more" : null),
    run: longTranscript,
  },
  {
    name: "a deployment under load",
    lacks: ({ options }) => (options.service === null ? "--cluster and --service, of ECS" : null),
    run: deployUnderLoad,
  },
  {
    name: "a Spot interruption",
    lacks: ({ options }) =>
      options.interruption === null ? "--fis-template, which interrupts a Spot instance of the group" : null,
    run: interruptSpot,
  },
];

async function frontDoor(deployed: Deployed): Promise<string> {
  const health = await deployed.call("GET", "/healthz");
  expect(health.status === 200, `/healthz answers ${health.status}`);
  const stranger = await deployed.call("GET", "/v1/transcriptions", undefined, `sk_${"0".repeat(48)}`);
  expect(stranger.status === 401, `a key that nobody has is answered ${stranger.status}`);
  const known = await deployed.call("GET", "/v1/transcriptions?limit=1");
  expect(known.status === 200, `the key is answered ${known.status}`);
  return "the API answers, its table can be read, and a key that nobody has opens nothing";
}

async function upload(deployed: Deployed, request: object): Promise<string> {
  const { id, upload: target } = await deployed.create("/v1/transcriptions", request);
  await put(target, shortRecording());
  const { audio } = await completed(deployed, id);
  const { json } = await deployed.call("GET", `/v1/transcriptions/${id}/transcript?format=json`);
  expect(String(json.text).length > 0, "the transcript is empty");
  return `signature, event, queue, worker and result: ${JSON.stringify(json.text)} of ${(audio as { duration?: number } | undefined)?.duration} s`;
}

async function uploadFromBrowser(deployed: Deployed): Promise<string> {
  const origin = deployed.options.origin ?? "";
  const { id, upload: target } = await deployed.create("/v1/transcriptions", { content_type: "audio/wav" });
  const { url, headers } = target as Upload;
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const asked = {
    "access-control-request-method": "PUT",
    "access-control-request-headers": names.sort().join(","),
  };
  const preflight = await fetch(url, { method: "OPTIONS", headers: { origin, ...asked } });
  const allowed = preflight.headers.get("access-control-allow-origin");
  expect(
    allowed === origin || allowed === "*",
    `a browser's question is answered ${preflight.status}, for ${allowed}`,
  );
  await put({ url, headers: { ...headers, origin } }, shortRecording());
  await completed(deployed, id);
  return `the bucket lets pages of ${origin} upload`;
}

async function dropFolder(deployed: Deployed): Promise<string> {
  const { s3, bucket, owner } = deployed.options;
  const name = `smoke & test +${Date.now()}.wav`;
  const Body = new Uint8Array(await shortRecording().arrayBuffer());
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `inbox/${owner}/${name}`, Body }));
  const list = "/v1/transcriptions?limit=20";
  const mine = ({ data }: { data?: readonly { file_name: string; status: string; id: string }[] }) =>
    data?.find(({ file_name }) => file_name === name);
  const found = await deployed.until(list, (page) => mine(page)?.status === "completed");
  return `an object in inbox/${owner}/ became ${mine(found)?.id} without a call`;
}

async function webhook(deployed: Deployed): Promise<string> {
  const { webhookUrl: url } = deployed.options;
  const { id, upload: target } = await deployed.create("/v1/transcriptions", { webhook: { url } });
  await put(target, shortRecording());
  const record = await deployed.until(
    `/v1/transcriptions/${id}`,
    ({ webhook: told }: { webhook?: { status: string } }) => told?.status === "delivered",
  );
  expect(record.status === "completed", `it is told of one that is ${record.status}`);
  return `${url} was told of ${id}, and answered 2xx`;
}

async function cancel(deployed: Deployed): Promise<string> {
  const { id } = await deployed.create("/v1/transcriptions", {});
  const { json } = await deployed.call("POST", `/v1/transcriptions/${id}/cancel`);
  expect(json.status === "canceled", `after its cancellation it is ${json.status}`);
  return "what awaits its upload can be canceled";
}

async function deletion(deployed: Deployed): Promise<string> {
  const { s3, bucket } = deployed.options;
  const { id, upload: target } = await deployed.create("/v1/transcriptions", {});
  await put(target, shortRecording());
  await completed(deployed, id);
  const { status } = await deployed.call("DELETE", `/v1/transcriptions/${id}`);
  expect(status < 300, `its deletion is answered ${status}`);
  const gone = await deployed.call("GET", `/v1/transcriptions/${id}/transcript`);
  expect(gone.status === 410, `its transcript is answered ${gone.status}`);
  const Key = `results/${id}.json`;
  const left = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key })).catch((error: unknown) => {
    if (error instanceof NotFound) return null;
    throw error;
  });
  expect(left === null, `${Key} is still in the bucket`);
  return "the transcript is gone, from the API and from the bucket";
}

async function batch(deployed: Deployed): Promise<string> {
  const { id, items } = await startBatch(deployed, 20);
  const record = await deployed.until(`/v1/batches/${id}`, ({ status }) => status === "completed");
  const { counts } = record as unknown as { counts: { completed: number } };
  expect(counts.completed === items, `${counts.completed} of ${items} are completed`);
  return `the state machine listed ${items} recordings, and each was transcribed`;
}

async function longTranscript(deployed: Deployed): Promise<string> {
  const hours = deployed.options.longHours ?? 0;
  const { id, upload: target } = await deployed.create("/v1/transcriptions", {});
  await put(target, longRecording(hours));
  await completed(deployed, id);
  const { status, headers } = await deployed.call("GET", `/v1/transcriptions/${id}/transcript?format=json`);
  expect(status === 303, `it is answered ${status}: too short to try what long ones need`);
  const bytes = (await (await fetch(headers.get("location") ?? "")).arrayBuffer()).byteLength;
  return `${hours} hours were uploaded in one piece, and ${bytes} bytes of transcript come from the bucket`;
}

async function put({ url, headers }: Upload, body: Blob): Promise<void> {
  const { status } = await fetch(url, { method: "PUT", headers, body });
  expect(status === 200, `the upload is answered ${status}`);
}

async function completed(deployed: Deployed, id: string) {
  const record = await deployed.ended(id);
  expect(record.status === "completed", `${id} is ${record.status}: ${JSON.stringify(record.error)}`);
  return record;
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
