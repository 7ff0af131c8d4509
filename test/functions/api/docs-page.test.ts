import { describe, expect, test } from "vitest";
import { answerExample } from "../../../functions/api/docs-page/answer-example.ts";
import type { ApiDocument, Schema } from "../../../functions/api/docs-page/document.ts";
import { docsPage } from "../../../functions/api/docs-page/page.ts";
import { PROBLEMS } from "../../../functions/api/problems.ts";
import { apiWorld } from "../../support/api-world.ts";
import { type JsonSchema, violations } from "../../support/json-schema.ts";
import { readDocument } from "../../support/openapi-document.ts";

async function serveDocs() {
  const world = await apiWorld();
  const answer = await world.app.request("/docs");
  return { answer, html: await answer.text(), ...(await readDocument(world.app)) };
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

describe("the page", () => {
  test("shows each call: its path, its parameters, its answers and a command", async () => {
    const { html, calls } = await serveDocs();
    expect(calls.length).toBeGreaterThan(10);
    for (const { method, path, operation } of calls) {
      const begin = html.indexOf(`<section class="call" id="${operation.operationId}">`);
      const section = html.slice(begin, html.indexOf("</section>", begin));
      expect(section).toContain(`${method.toUpperCase()}</span> <code>${path}</code>`);
      expect(section).toContain("$SCRIPTORIUM_URL");
      for (const { name } of operation.parameters ?? []) expect(section).toContain(`<code>${name}`);
      for (const status of Object.keys(operation.responses))
        expect(section).toContain(`<code>${status}</code>`);
    }
  });

  test("has a command that a shell can run", async () => {
    const { html } = await serveDocs();
    expect(html).toContain(
      [
        'curl -X POST "$SCRIPTORIUM_URL/v1/transcriptions" \\',
        '  -H "Authorization: Bearer $SCRIPTORIUM_API_KEY" \\',
        '  -H "Idempotency-Key: $(uuidgen)" \\',
        '  -H "Content-Type: application/json" \\',
        `  -d '{"file_name":"call-17.wav","language":"en"}'`,
      ]
        .join("\n")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#39;"),
    );
  });

  test("leads from a key to a transcript, upload included, and lists every error", async () => {
    const { html } = await serveDocs();
    const start = html.slice(html.indexOf('id="start"'), html.indexOf('id="tag-'));
    for (const part of [
      "/v1/transcriptions&quot;",
      "curl -s -T call-17.wav",
      "?wait=25",
      "/transcript?format=srt",
    ])
      expect(start).toContain(part);
    for (const [code, { status }] of Object.entries(PROBLEMS))
      expect(html).toContain(`<td>${status}</td><td><code>${code}</code></td>`);
  });

  test("shows what answers look like, as their schemas have them", async () => {
    const { html, document, calls } = await serveDocs();
    let shown = 0;
    for (const { operation } of calls) {
      const answers = Object.entries(operation.responses).filter(([status]) => status < "300");
      const schemas = answers.map(([, { content }]) => content?.["application/json"]?.schema);
      const schema = schemas.find((one) => one !== undefined);
      if (!schema) continue;
      const example = answerExample(document as unknown as ApiDocument, schema as Schema);
      expect([operation.operationId, violations(document, schema as JsonSchema, example)]).toEqual([
        operation.operationId,
        [],
      ]);
      shown++;
    }
    expect(html.split("<summary>Example answer</summary>").length - 1).toBe(shown);
    expect(shown).toBeGreaterThan(10);
  });

  test("links only to what is on it, each once", async () => {
    const { html } = await serveDocs();
    const ids = all(html, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const links = all(html, / href="([^"]+)"/g);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((link) => !(link === "/openapi.json" || ids.includes(link.slice(1))))).toEqual([]);
  });

  test("runs nothing but its own script, and loads nothing", async () => {
    const { answer, html } = await serveDocs();
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; script-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; /,
    );
    expect(all(html, /(<script[^>]*>)/g)).toEqual(['<script type="module">']);
    expect(html).not.toMatch(/<link|<img|<iframe|\son\w+=|\sstyle=|\ssrc=|@import|url\(/i);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  test("escapes whatever a document says", async () => {
    const evil = `"'><script>alert(1)</script>&\``;
    const schema = {
      type: "object",
      description: evil,
      properties: { [evil]: { enum: [evil], description: evil } },
    };
    const operation = {
      operationId: evil,
      tags: [evil],
      summary: evil,
      description: evil,
      parameters: [{ name: evil, in: "query", description: evil, schema: { type: evil } }],
      responses: { [evil]: { description: evil, content: { [evil]: { schema: { $ref: `#/a/${evil}` } } } } },
    };
    const document: ApiDocument = {
      info: { title: evil, version: evil, description: evil },
      tags: [{ name: evil, description: evil }],
      paths: { [evil]: { [evil]: operation } },
      components: { schemas: { [evil]: schema } },
    };
    const { html } = await docsPage(document);
    expect(html).not.toMatch(/<script(?! type="module">)|"'>/i);
    expect(html.split("&lt;script&gt;").length).toBeGreaterThan(15);
  });
});
