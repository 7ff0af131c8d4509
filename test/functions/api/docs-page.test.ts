import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { ApiDocument } from "../../../functions/api/docs-page/document.ts";
import { docsPage } from "../../../functions/api/docs-page/page.ts";
import { apiWorld, listen } from "../../support/api-world.ts";
import { readDocument } from "../../support/openapi-document.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CHROMIUM = "/usr/bin/chromium";

async function serveDocs() {
  const world = await apiWorld();
  const answer = await world.app.request("/docs");
  return { world, answer, html: await answer.text(), ...(await readDocument(world.app)) };
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

  test("links only to what is on it, each once", async () => {
    const { html } = await serveDocs();
    const ids = all(html, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const links = all(html, / href="([^"]+)"/g);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((link) => !(link === "/openapi.json" || ids.includes(link.slice(1))))).toEqual([]);
  });

  test("runs nothing and loads nothing", async () => {
    const { answer, html } = await serveDocs();
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; /);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|\ssrc=|@import|url\(/i);
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
    expect(html).not.toMatch(/<script|"'>/i);
    expect(html.split("&lt;script&gt;").length).toBeGreaterThan(15);
  });
});

test("a browser shows it as it was meant, with its style and without a complaint", async () => {
  const { world, calls } = await serveDocs();
  const url = `${await listen(world)}/docs`;
  const profile = `--user-data-dir=${await temporaryFolder()}`;
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", profile];
  const { stdout, stderr } = await promisify(execFile)(CHROMIUM, [...options, "--dump-dom", url], {
    maxBuffer: 1e8,
    timeout: 50_000,
  });
  expect(all(stdout, /<h3><a href="#([^"]+)">/g)).toEqual(
    expect.arrayContaining(calls.map(({ operation }) => operation.operationId)),
  );
  expect(all(stdout, /<(h1|main|nav|title)\b/g).sort()).toEqual(["h1", "main", "nav", "title"]);
  expect(stderr).not.toMatch(/Content Security Policy|CONSOLE/i);
});
