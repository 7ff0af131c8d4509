import { createRoute, z } from "@hono/zod-openapi";
import type { ApiDocument } from "../docs-page/document.ts";
import { docsPage } from "../docs-page/page.ts";
import type { Api } from "../environment.ts";
import { openApiDocument, registerComponents } from "../openapi.ts";

const CACHED = "public, max-age=300";

const openApi = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "readOpenApi",
  tags: ["Service"],
  summary: "Read this description",
  description: "OpenAPI 3.1. Needs no key.",
  security: [],
  responses: {
    200: {
      description: "The document.",
      content: { "application/json": { schema: z.looseObject({ openapi: z.string() }) } },
    },
  },
});

const docs = createRoute({
  method: "get",
  path: "/docs",
  operationId: "readDocs",
  tags: ["Service"],
  summary: "Read this description in a browser",
  description: "The same as a page. Needs no key.",
  security: [],
  responses: { 200: { description: "The page.", content: { "text/html": { schema: z.string() } } } },
});

/** Both are made when they are first asked for: a cold start has better things to do. To be added after all calls. */
export function addDocuments(app: Api, version: string): void {
  registerComponents(app);
  let json: string | null = null;
  let page: ReturnType<typeof docsPage> | null = null;
  app.openapi(openApi, (context) => {
    json ??= JSON.stringify(openApiDocument(app, version), null, 2);
    // Text that is JSON already: the types of the route want the object.
    const headers = { "content-type": "application/json", "access-control-allow-origin": "*" };
    return context.body(json, 200, { ...headers, "cache-control": CACHED }) as never;
  });
  app.openapi(docs, async (context) => {
    page ??= docsPage(openApiDocument(app, version) as unknown as ApiDocument);
    const { html, contentSecurityPolicy } = await page;
    return context.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
      "referrer-policy": "no-referrer",
      "cache-control": CACHED,
    });
  });
}
