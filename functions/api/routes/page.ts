import { createRoute, z } from "@hono/zod-openapi";
import { ServiceError } from "../../../src/jobs/errors.ts";
import { type Services, timestamp } from "../../../src/jobs/services.ts";
import type { Api } from "../environment.ts";
import type { PageFile } from "../page-files.ts";

const ASSETS = "/page/";
const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const page = createRoute({
  method: "get",
  path: "/",
  operationId: "readPage",
  tags: ["Service"],
  summary: "Open the page",
  description: "To upload, watch and read along in a browser. Needs no key itself; it asks for one.",
  security: [],
  responses: { 200: { description: "The page.", content: { "text/html": { schema: z.string() } } } },
});

/** `GET /` and what it loads. The page is a client of the API as any other: it knows nothing of what is behind it. */
export function addPage(app: Api, services: Services, read: () => Promise<PageFile[]>): void {
  let files: Promise<PageFile[]> | null = null;
  const find = async (name: string) => {
    files ??= read();
    files.catch(() => {
      files = null;
    });
    const file = (await files).find((one) => one.name === name);
    if (!file) throw new ServiceError("not_found", `There is nothing at ${ASSETS}${name}.`);
    return file.content;
  };
  app.openapi(page, async (context) =>
    context.body(await find("index.html"), 200, {
      "content-type": TYPES.html,
      "content-security-policy": policy(await storageOrigin(services)),
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "microphone=(self), camera=(), geolocation=()",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    }),
  );
  app.get(`${ASSETS}*`, async (context) => {
    const name = context.req.path.slice(ASSETS.length);
    if (name === "index.html")
      throw new ServiceError("not_found", `There is nothing at ${context.req.path}.`);
    const content = await find(name);
    return context.body(content, 200, {
      "content-type": TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
}

/** Only the page's own scripts and styles; calls, uploads and sound of this service and of its storage. */
function policy(storage: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${storage}`,
    `media-src 'self' blob: ${storage}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where recordings are sent to and read from: on AWS another place than the page's own. */
async function storageOrigin({ blobs, bucket, clock }: Services): Promise<string> {
  const ref = { bucket, key: "uploads/" };
  const options = { expiresAt: timestamp(clock, 60), contentType: "audio/wav", contentDisposition: "inline" };
  return new URL((await blobs.createDownloadUrl(ref, options)).url).origin;
}
