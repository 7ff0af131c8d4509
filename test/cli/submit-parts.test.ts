import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordingRequest } from "../../cli/recording-options.ts";
import { PARTS_FROM_BYTES } from "../../cli/submit/upload-parts.ts";
import { call, type Resource } from "../e2e/support/client.ts";
import { startService } from "../e2e/support/local-service.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runCommand } from "./run-command.ts";

interface Created {
  id: string;
  upload: { parts: { url: string; size: number }[] };
}

/** Nothing but zeros, which take no room. */
async function largeFile(size: number): Promise<string> {
  const path = join(await temporaryFolder(), "long.wav");
  await using file = await open(path, "w");
  await file.truncate(size);
  return path;
}

async function recording(service: Parameters<typeof call>[0], id: string): Promise<Buffer> {
  const answer = await call(service, "GET", `/v1/transcriptions/${id}/audio`);
  return Buffer.from(await answer.arrayBuffer());
}

test("a large file is sent in parts, and a repeated submit goes on where the first was cut", async () => {
  const service = await startService({ worker: null });
  const size = PARTS_FROM_BYTES + 5;
  const file = await largeFile(size);
  const flags = { wordTimestamps: true, formatText: true, punctuate: true, numerals: true };
  const body = { file_name: "long.wav", upload: { size }, ...recordingRequest(flags) };
  const headers = { "idempotency-key": "evening" };
  const created = (await (
    await call(service, "POST", "/v1/transcriptions", body, headers)
  ).json()) as Created;
  const [first] = created.upload.parts;
  // What an earlier run sent; that it is other than in the file shows that it is not sent again.
  await fetch(first.url, { method: "PUT", body: new Uint8Array(first.size).fill(7) });

  const access = ["--url", service.url, "--api-key", service.access.key];
  const { code, stdout, stderr } = await runCommand(
    "submit",
    file,
    "--idempotency-key",
    "evening",
    ...access,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout.trim()).toBe(created.id);
  const status = (await (await call(service, "GET", `/v1/transcriptions/${created.id}`)).json()) as Resource;
  expect(status.status).toBe("queued");
  const stored = await recording(service, created.id);
  expect(stored).toHaveLength(size);
  expect([stored[0], stored[first.size - 1], stored[first.size], stored.at(-1)]).toEqual([7, 7, 0, 0]);
});
