import { PROBLEMS } from "../problems.ts";
import { type Html, html } from "./html.ts";

const STEPS: readonly [what: string, command: string][] = [
  [
    "Where the service is, and your key.",
    `export SCRIPTORIUM_URL=https://api.example.com
export SCRIPTORIUM_API_KEY=sk_…
auth="Authorization: Bearer $SCRIPTORIUM_API_KEY"`,
  ],
  [
    "Create a transcription. The answer says where its recording goes.",
    `curl -s "$SCRIPTORIUM_URL/v1/transcriptions" -H "$auth" -H "Content-Type: application/json" \\
  -d '{"file_name": "call-17.wav"}' > created.json`,
  ],
  [
    "Upload the recording itself: a PUT with the headers of upload.headers, without the key. It is queued once it is there.",
    `jq -r '.upload.headers | to_entries[] | "\\(.key): \\(.value)"' created.json |
  curl -s -T call-17.wav -H @- "$(jq -r .upload.url created.json)"`,
  ],
  [
    "Wait for its end, 25 seconds a call at most; a webhook spares the asking.",
    `id=$(jq -r .id created.json)
curl -s "$SCRIPTORIUM_URL/v1/transcriptions/$id?wait=25" -H "$auth" | jq '{status, progress, error}'`,
  ],
  [
    "Read it, as json, text, srt or vtt.",
    `curl -sL "$SCRIPTORIUM_URL/v1/transcriptions/$id/transcript?format=srt" -H "$auth"`,
  ],
];

/** From a key to a transcript, upload included. */
export function startView(): Html {
  return html`<h2 id="start">From a key to a transcript</h2>
<ol class="steps">${STEPS.map(
    ([what, command]) => html`<li><p>${what}</p><pre tabindex="0"><code>${command}</code></pre></li>`,
  )}</ol>`;
}

/** Every code that an answer may have, with its status. */
export function errorsView(): Html {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, when }]) =>
      html`<tr><td>${status}</td><td><code>${code}</code></td><td>${when}</td></tr>`,
  );
  return html`<h2 id="errors">Errors</h2><p>Problem documents (RFC 9457): their code is for machines, their detail says what to do.</p>
<div class="scroll" tabindex="0"><table><thead><tr><th>Status</th><th>Code</th><th>When</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
