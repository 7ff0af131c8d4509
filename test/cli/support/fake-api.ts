import { randomBytes } from "node:crypto";
import type { FakeDeployment, Seen } from "./fake-deployment.ts";

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** As JSON, where it is not text. */
  body?: unknown;
}

export function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}) {
  const body = { type: "about:blank", title: code, status, code, detail };
  return { status, body, headers: { "content-type": "application/problem+json", ...headers } };
}

export function newId(prefix: "tr" | "ba"): string {
  return `${prefix}_${randomBytes(16).toString("hex")}`;
}

/** A transcription as the API shows it. */
export function aTranscription(
  changes: Record<string, unknown> = {},
): Record<string, unknown> & { id: string } {
  return {
    id: newId("tr"),
    status: "completed",
    created_at: new Date().toISOString(),
    times: {},
    progress: 1,
    file_name: "call.wav",
    error: null,
    webhook: null,
    metadata: {},
    ...changes,
  };
}

export function aBatch(changes: Record<string, unknown> = {}): Record<string, unknown> & { id: string } {
  return {
    id: newId("ba"),
    status: "completed",
    created_at: new Date().toISOString(),
    name: null,
    counts: { total: 2, awaiting_upload: 0, queued: 0, processing: 0, completed: 2, failed: 0, skipped: 0 },
    audio_seconds: 90,
    progress: 1,
    eta_seconds: null,
    error: null,
    webhook: null,
    ...changes,
  };
}

/** What a service without troubles answers. */
export function answerApi(fake: FakeDeployment, seen: Seen): Answer {
  const { method, headers } = seen;
  const { pathname, searchParams } = new URL(seen.path, fake.url);
  const [, root, name, id = "", verb] = pathname.split("/");
  if (root === "uploads") return upload(fake, String(name), seen.body);
  if (headers.authorization !== `Bearer ${fake.key}`)
    return problem(401, "unauthorized", "There is no such API key.");
  const call = `${method} ${name}${id ? "/id" : ""}${verb ? `/${verb}` : ""}`;
  if (call === "POST transcriptions") return create(fake, seen);
  if (call === "GET transcriptions") return page([...fake.transcriptions.values()].reverse());
  if (call === "POST batches") return createBatch(fake, seen);
  if (call === "GET batches") return page([...fake.batches.values()].reverse());
  if (call === "GET models") return page([MODEL]);
  if (call === "GET webhook-secrets") return page(SECRETS);
  if (pathname === "/v1/webhook-secrets/rotate") return page(SECRETS);
  const records = name === "batches" ? fake.batches : fake.transcriptions;
  const record = records.get(id);
  if (!record) return problem(404, "not_found", `There is no such thing as ${id}.`);
  if (call === "GET transcriptions/id/transcript")
    return { status: 200, body: transcriptOf(record, searchParams.get("format") ?? "json") };
  if (call.endsWith("/summary"))
    return { status: 200, body: '{"status":"completed"}\n{"status":"failed"}\n' };
  if (call.endsWith("/redeliver"))
    return { status: 202, body: { ...record, webhook: { url: "https://a.b/", status: "pending" } } };
  if (call.endsWith("/cancel"))
    Object.assign(record, { status: name === "batches" ? "canceling" : "canceled" });
  if (method === "DELETE") return { status: 204 };
  const reading = { ...record };
  if (method === "GET" && fake.course.length > 0 && record.status !== "awaiting_upload" && !record.stays)
    Object.assign(reading, fake.course.length > 1 ? fake.course.shift() : fake.course[0]);
  return { status: 200, body: reading };
}

const MODEL = {
  name: "u2pp",
  version: "1",
  languages: ["en"],
  license: "MIT",
  parameters: { total: 12_000_000, active: 8_000_000 },
};

/** The first is the current one. */
export const SECRETS = [
  {
    secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
    created_at: "2026-01-02T00:00:00.000Z",
    expires_at: null,
  },
  {
    secret: "whsec_YWJjZGVmZ2hpamFiY2RlZmdoaWphYmNk",
    created_at: "2026-01-01T00:00:00.000Z",
    expires_at: "2026-01-03T00:00:00.000Z",
  },
];

function page(data: unknown[]): Answer {
  return { status: 200, body: { data, next: null } };
}

function create(fake: FakeDeployment, { body, headers }: Seen): Answer {
  const key = String(headers["idempotency-key"] ?? "");
  const known = fake.transcriptions.get(fake.idempotency.get(key) ?? "");
  const { file_name, metadata } = JSON.parse(body.toString());
  const record =
    known ?? aTranscription({ file_name, metadata: metadata ?? {}, status: "awaiting_upload", progress: 0 });
  const id = String(record.id);
  fake.idempotency.set(key, id);
  fake.transcriptions.set(id, record);
  const upload = {
    url: `${fake.url}/uploads/${id}`,
    method: "PUT",
    headers: { "x-signed": "1" },
    expires_at: "",
  };
  return {
    status: known ? 200 : 201,
    body: { ...record, ...(record.status === "awaiting_upload" && { upload }) },
  };
}

function upload(fake: FakeDeployment, id: string, body: Buffer): Answer {
  const record = fake.transcriptions.get(id);
  if (!record) return problem(403, "upload_url_invalid", "The URL is not as it was made.");
  record.status = "queued";
  fake.uploads.set(String(record.file_name), body);
  return { status: 200, body: {} };
}

function createBatch(fake: FakeDeployment, { body }: Seen): Answer {
  const batch = aBatch({ status: "listing", progress: 0, request: JSON.parse(body.toString()) });
  fake.batches.set(batch.id, batch);
  return { status: 201, body: batch };
}

function transcriptOf({ id, file_name }: Record<string, unknown>, format: string): unknown {
  const text = `TEXT OF ${file_name}`;
  if (format === "json") return { id, text };
  return format === "text" ? `${text}\n` : `1\n00:00:00,000 --> 00:00:01,000\n${text}\n\n`;
}
