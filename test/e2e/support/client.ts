import { readFile } from "node:fs/promises";
import { expect } from "vitest";

export interface Deployment {
  url: string;
  access: { key: string };
}

/** What the tests look at of a transcription or batch, as the wire has it. */
export interface Resource {
  id: string;
  status: string;
  progress: number;
  error: { code: string; message: string } | null;
  metadata: Record<string, string>;
  counts: Record<string, number>;
  webhook: { status: string; attempts: { status: number | null }[]; event_id: string } | null;
  upload?: { url: string; method: string; headers: Record<string, string> };
}

/** Call the API as an app would. */
export function call(
  { url, access }: Deployment,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, url), {
    method,
    headers: {
      authorization: `Bearer ${access.key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The same where nothing but success will do. */
export async function callOk<Answer = Resource>(
  deployment: Deployment,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await call(deployment, method, path, body);
  const text = await response.text();
  expect(response.ok, `${method} ${path}: ${response.status} ${text}`).toBe(true);
  return (text === "" ? null : JSON.parse(text)) as Answer;
}

export async function upload({ upload }: Resource, content: string | Uint8Array): Promise<Response> {
  const body = typeof content === "string" ? await readFile(content) : content;
  return fetch(upload!.url, { method: "PUT", headers: upload!.headers, body: new Uint8Array(body) });
}

/** Create a transcription and upload its recording. */
export async function submit(
  deployment: Deployment,
  content: string | Uint8Array,
  options: Record<string, unknown> = {},
): Promise<string> {
  const created = await callOk(deployment, "POST", "/v1/transcriptions", options);
  const answer = await upload(created, content);
  expect(answer.status, await answer.text()).toBe(200);
  return created.id;
}

const OVER = /^(completed|failed|canceled|expired|deleted)$/;

/** Poll until a transcription or batch has ended. */
export async function ended(deployment: Deployment, id: string, timeout = 120_000): Promise<Resource> {
  const path = `/v1/${id.startsWith("ba_") ? "batches" : "transcriptions"}/${id}`;
  let resource: Resource | null = null;
  const status = async () => {
    const answer = await callOk(deployment, "GET", path);
    resource = answer;
    return answer.status;
  };
  await expect.poll(status, { timeout, interval: 50 }).toMatch(OVER);
  return resource!;
}
