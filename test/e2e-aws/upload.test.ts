import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { putFile } from "../../cli/client/upload.ts";
import { silentLog } from "../../local/log.ts";
import { awsServices } from "../../src/aws/services.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import type { Services } from "../../src/jobs/services.ts";
import { createKey } from "../../src/jobs/use-cases/keys.ts";
import { describeWithMoto } from "../support/moto.ts";
import { openAccount } from "./support/account.ts";
import { apiClient } from "./support/api-client.ts";
import { NO_METRICS } from "./support/no-metrics.ts";

const YES = new URL("../fixtures/utterances/slt-yes.wav", import.meta.url);
const bytes = new Uint8Array(await readFile(YES));

interface Upload {
  url: string;
  method: "PUT";
  headers: Record<string, string>;
  expires_at: string;
}

/** Ways to send a file that know nothing but `upload`. */
const SENDERS: Record<string, (upload: Upload) => Promise<number>> = {
  "curl -T": async ({ url, headers }) => {
    const options = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const quiet = ["-s", "-o", "/dev/null", "-w", "%{http_code}"];
    const { stdout } = await promisify(execFile)("curl", [...quiet, ...options, "-T", YES.pathname, url]);
    return Number(stdout);
  },
  // fetch sends a file's type where the headers have none.
  "a browser with a File": ({ url, headers }) =>
    put(url, headers, new File([bytes], "yes.wav", { type: "audio/x-wav" })),
  "a browser with a File of unknown type": ({ url, headers }) =>
    put(url, headers, new File([bytes], "yes.sln")),
  "the command line": async (upload) => {
    const signal = new AbortController().signal;
    await putFile(YES.pathname, upload, { signal, onProgress: () => {} });
    return 200;
  },
};

async function put(url: string, headers: Record<string, string>, body: Uint8Array<ArrayBuffer> | File) {
  return (await fetch(url, { method: "PUT", headers, body })).status;
}

describeWithMoto("uploads by signed URLs, against an S3 that checks signatures:", () => {
  let services: Services;
  let create: (request: object) => Promise<{ id: string; upload: Upload }>;
  let api: ReturnType<typeof apiClient>;
  beforeAll(async () => {
    await openAccount();
    services = {
      ...awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS }),
      startListing: async () => {},
    };
    const { secret } = await createKey(services, { owner: "ada", name: "test" });
    const { handler } = await import("../../functions/api/main.ts");
    api = apiClient(handler, secret);
    create = async (request) => (await api("POST", "/v1/transcriptions", request)).json;
  });

  const stored = async (id: string) => {
    const record = await services.store.getTranscription(id);
    const facts = record && (await services.blobs.head(record.source));
    return facts?.size ?? null;
  };

  describe.each(Object.keys(SENDERS))("%s", (sender) => {
    test.each([
      ["no content type", {}],
      ["a content type", { content_type: "audio/wav" }],
      ["the type of a File", { content_type: "audio/x-wav" }],
      ["a name of its own", { file_name: "yes & no +1 (ä).wav" }],
    ])("may send what was created with %s", async (_what, request) => {
      const { id, upload } = await create(request);
      expect(await SENDERS[sender](upload)).toBe(200);
      expect(await stored(id)).toBe(bytes.length);
    });
  });

  test("headers tell all that must be sent, and nothing else is signed", async () => {
    const { upload } = await create({});
    const bound = (await create({ content_type: "audio/wav" })).upload;
    expect(upload.headers).toEqual({ "If-None-Match": "*" });
    expect(bound.headers).toEqual({ "If-None-Match": "*", "Content-Type": "audio/wav" });
    for (const { url, headers } of [upload, bound]) {
      const query = new URL(url).searchParams;
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      expect(query.get("X-Amz-SignedHeaders")?.split(";")).toEqual([...names, "host"].sort());
      expect([...query.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
    }
  });

  test("every example of the documentation sends them", async () => {
    for (const page of ["README.md", "docs/api.md", "docs/deploy.md", "docs/operations.md"]) {
      const text = await readFile(new URL(`../../${page}`, import.meta.url), "utf8");
      for (const [line] of text.matchAll(/^.*curl .*-T .*$/gm))
        expect(line).toMatch(/ -H (@-|"If-None-Match: \*") /);
    }
  });

  test("a large one may come in parts, be gone on with after a cut, and arrives once", async () => {
    const size = 16 * 1024 * 1024 + 1000;
    const content = new Uint8Array(size).fill(7);
    const created = (await api("POST", "/v1/transcriptions", { upload: { size } })).json;
    const path = `/v1/transcriptions/${created.id}/upload`;
    const send = ({ url, offset, size: bytes }: { url: string; offset: number; size: number }) =>
      put(url, {}, content.subarray(offset, offset + bytes) as Uint8Array<ArrayBuffer>);
    expect(created.upload.parts).toHaveLength(2);
    expect(await send(created.upload.parts[0])).toBe(200);
    expect(await put(created.upload.parts[1].url.replace("partNumber=2", "partNumber=3"), {}, bytes)).toBe(
      403,
    );
    const early = await api("POST", path);
    expect(early.json).toMatchObject({ code: "parts_missing", missing_parts: [2] });
    const left = (await api("GET", path)).json;
    expect(left.parts).toMatchObject([{ number: 2, offset: 16 * 1024 * 1024, size: 1000 }]);
    expect(await send(left.parts[0])).toBe(200);
    expect((await api("POST", path)).json).toMatchObject({ id: created.id, status: "queued" });
    expect((await api("POST", path)).json).toMatchObject({ status: "queued" });
    expect(await stored(created.id)).toBe(size);
    const record = await services.store.getTranscription(created.id);
    expect(await services.blobs.parts.list(record!.source, record!.parts!.uploadId)).toBeNull();
  });

  test("what was begun in parts and deleted leaves none", async () => {
    const created = (await api("POST", "/v1/transcriptions", { upload: { size: 1000 } })).json;
    expect(await put(created.upload.parts[0].url, {}, bytes)).toBe(200);
    expect((await api("POST", `/v1/transcriptions/${created.id}/upload`)).json.code).toBe("parts_missing");
    const { source, parts } = (await services.store.getTranscription(created.id))!;
    expect(await services.blobs.parts.list(source, parts!.uploadId)).toHaveLength(1);
    await api("DELETE", `/v1/transcriptions/${created.id}`);
    expect(await services.blobs.parts.list(source, parts!.uploadId)).toBeNull();
  });

  test("what was not created so is refused", async () => {
    const { upload } = await create({ content_type: "audio/wav" });
    const { url, headers } = upload;
    expect(await put(url, { ...headers, "Content-Type": "text/html" }, bytes)).toBe(403);
    expect(await put(url, { "Content-Type": "audio/wav" }, bytes)).toBe(403);
    expect(await put(url.replace("/uploads/", "/results/"), headers, bytes)).toBe(403);
    expect(await put(url, headers, bytes)).toBe(200);
    expect(await put(url, headers, bytes)).toBe(412);
  });
});
