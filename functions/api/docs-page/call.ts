import { answerExample } from "./answer-example.ts";
import { curlExample } from "./curl.ts";
import type { Answer, ApiDocument, Call } from "./document.ts";
import { type Html, html, inline, prose } from "./html.ts";
import { memberView, schemaView } from "./schema.ts";

/** One call: what it does, what it takes, what it answers. */
export function callView(document: ApiDocument, call: Call): Html {
  const { method, path, operation } = call;
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(responses);
  return html`<section class="call" id="${operationId}">
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="line"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
${prose(description)}
${parameters.length > 0 && html`<h4>Parameters</h4><dl class="members">${parameters.map(parameterView)}</dl>`}
${body && html`<h4>Body</h4>${schemaView(body)}`}
<h4>Example</h4><pre tabindex="0"><code>${curlExample(document, call)}</code></pre>
<h4>Answers</h4>
<dl class="answers">${answers.filter(([status]) => status < "300").map(answerView)}</dl>
${exampleView(document, responses)}
<details><summary>Other answers</summary><dl class="answers">${answers.filter(([status]) => status >= "300").map(answerView)}</dl></details>
</section>`;
}

/** One event: its body alone, since the reader is the one who answers. */
export function eventView({ operation }: Call): Html {
  const { operationId, summary, description, requestBody } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  return html`<section class="call" id="${operationId}"><h3><a href="#${operationId}">${summary}</a></h3>
${prose(description)}${body && schemaView(body)}</section>`;
}

/** What the first JSON answer looks like. */
function exampleView(document: ApiDocument, responses: Record<string, Answer>): Html | null {
  const [answer] = Object.entries(responses)
    .filter(([status]) => status < "300")
    .flatMap(([, { content }]) => content?.["application/json"]?.schema ?? []);
  if (!answer) return null;
  const text = JSON.stringify(answerExample(document, answer), null, 2);
  return html`<details><summary>Example answer</summary><pre tabindex="0"><code>${text}</code></pre></details>`;
}

function parameterView(parameter: NonNullable<Call["operation"]["parameters"]>[number]): Html {
  const { name, in: place, schema = {}, required = false, description } = parameter;
  return memberView(place === "header" ? `${name} (header)` : name, schema, required, description ?? "");
}

function answerView([status, answer]: [string, Answer]): Html {
  // The introduction has said it of all answers.
  const headers = Object.entries(answer.headers ?? {}).filter(([name]) => name !== "X-Request-Id");
  const content = Object.entries(answer.content ?? {});
  return html`<div><dt><code>${status}</code></dt><dd><p>${inline(answer.description)}</p>
${content.map(([type, { schema }]) => html`<div class="content"><code>${type}</code> ${schema && schemaView(schema)}</div>`)}
${headers.length > 0 && html`<p class="headers">Headers: ${headers.map(([name, { description }]) => html`<code>${name}</code> ${inline(description ?? "")} `)}</p>`}
</dd></div>`;
}
