import { callView, eventView } from "./call.ts";
import { type ApiDocument, callsOf } from "./document.ts";
import { type Html, html, inline, prose } from "./html.ts";
import { schemaView } from "./schema.ts";
import { SCRIPT } from "./script.ts";
import { errorsView, startView } from "./start.ts";
import { STYLE } from "./style.ts";

export interface DocsPage {
  html: string;
  /** That nothing runs but its own script, and that nothing is loaded: the page brings all it has. */
  contentSecurityPolicy: string;
}

/** An OpenAPI document for people, as one page that needs no scripts: one adds buttons to copy. */
export async function docsPage(document: ApiDocument): Promise<DocsPage> {
  const policy = [
    "default-src 'none'",
    `style-src '${await hashOf(STYLE)}'`,
    `script-src '${await hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    html: `<!doctype html>\n${pageView(document).html}\n`,
    contentSecurityPolicy: [...policy, "frame-ancestors 'none'"].join("; "),
  };
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

function pageView(document: ApiDocument): Html {
  const { title, version, description } = document.info;
  const style: Html = { html: STYLE };
  const script: Html = { html: SCRIPT };
  return html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} API</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<div class="layout">
${navigation(document)}
<main id="content">
<h1>${title} API <small>${version}</small></h1>
${prose(description)}
<p>The same for machines: <a href="/openapi.json">openapi.json</a>.</p>
${startView()}
${document.tags.map((tag) => tagView(document, tag))}
${errorsView()}
<h2 id="schemas">Schemas</h2>
${Object.entries(document.components.schemas).map(
  ([name, schema]) => html`<section class="call" id="schema-${name}">
<h3><a href="#schema-${name}">${name}</a></h3>${prose(schema.description)}${schemaView(schema)}</section>`,
)}
</main>
</div>
<script type="module">${script}</script>
</body>
</html>`;
}

function tagView(document: ApiDocument, { name, description }: ApiDocument["tags"][number]): Html {
  const calls = callsOf(document.paths).filter(({ operation }) => operation.tags.includes(name));
  const events = callsOf(document.webhooks ?? {}).filter(({ operation }) => operation.tags.includes(name));
  return html`<h2 id="tag-${name}">${name}</h2><p>${inline(description ?? "")}</p>
${calls.map((call) => callView(document, call))}${events.map(eventView)}`;
}

function navigation({ tags, paths, webhooks = {} }: ApiDocument): Html {
  const calls = [...callsOf(paths), ...callsOf(webhooks)];
  const links = (tag: string) => calls.filter(({ operation }) => operation.tags.includes(tag));
  return html`<nav aria-label="Calls"><p><strong><a href="#start">From a key to a transcript</a></strong></p>
${tags.map(
  ({ name }) => html`<p><strong><a href="#tag-${name}">${name}</a></strong></p>
<ul>${links(name).map(
    ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
  )}</ul>`,
)}<p><strong><a href="#errors">Errors</a></strong></p><p><strong><a href="#schemas">Schemas</a></strong></p></nav>`;
}
