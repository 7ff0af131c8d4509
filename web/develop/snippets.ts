import { argumentName, quoted } from "./quoting.ts";

/** What the page has just done, as other programs would do it. Keys are never part of it. */
export type Shown = ({ kind: "transcribe" } & Sent) | { kind: "read"; id: string };

/** A recording that was sent: `url` where the service fetches it itself. */
export interface Sent {
  name: string;
  url: string | null;
  /** Members of the create request. */
  options: Record<string, unknown>;
}

export const NOTHING_SENT: Sent = { name: "recording.wav", url: null, options: {} };

export interface Snippet {
  language: "curl" | "TypeScript" | "Python";
  code: string;
}

const KEY = "SCRIPTORIUM_API_KEY";

export function snippets(origin: string, shown: Shown): Snippet[] {
  if (shown.kind === "read") return read(origin, shown.id);
  // The one call of OpenAI's knows no more than the language.
  const inOneCall = shown.url === null && Object.keys(shown.options).every((name) => name === "language");
  if (shown.url !== null) return fetched(origin, { source: { url: shown.url }, ...shown.options });
  return inOneCall ? oneCall(origin, shown) : uploaded(origin, shown);
}

function oneCall(origin: string, { name, options }: Sent): Snippet[] {
  const { language } = options as { language?: string };
  const fields = [quoted(`file=@${formName(name)}`), "model=whisper-1"];
  if (language) fields.push(quoted(`language=${language}`));
  return [
    {
      language: "curl",
      code: `curl "${origin}/v1/audio/transcriptions" \\
  -H "Authorization: Bearer $${KEY}" \\
  ${fields.map((field) => `-F ${field}`).join(" ")}`,
    },
    typeScript(origin, transcribing({ name, options })),
    python(
      origin,
      `with open(${JSON.stringify(name)}, "rb") as file:
    print(client.audio.transcriptions.create(model="whisper-1", file=file${language ? `, language=${JSON.stringify(language)}` : ""}).text)`,
    ),
  ];
}

function uploaded(origin: string, { name, options }: Sent): Snippet[] {
  const body = JSON.stringify({ file_name: name, ...options });
  return [
    {
      language: "curl",
      code: `auth="Authorization: Bearer $${KEY}"
created=$(curl -s "${origin}/v1/transcriptions" -H "$auth" \\
  -H "Content-Type: application/json" -d ${quoted(body)})
jq -r '.upload.headers | to_entries[] | "\\(.key): \\(.value)"' <<<"$created" |
  curl -s -o /dev/null -g -T ${quoted(argumentName(name))} -H @- "$(jq -r .upload.url <<<"$created")"
curl -s "${origin}/v1/transcriptions/$(jq -r .id <<<"$created")?wait=20" -H "$auth"`,
    },
    typeScript(origin, transcribing({ name, options })),
    python(
      origin,
      `created = client.post("/transcriptions", body=${body}, cast_to=httpx.Response).json()
upload = created["upload"]
with open(${JSON.stringify(name)}, "rb") as file:
    httpx.put(upload["url"], headers=upload["headers"], content=file, timeout=None).raise_for_status()
print(client.get(f"/transcriptions/{created['id']}?wait=20", cast_to=httpx.Response).text)`,
      "import httpx\n",
    ),
  ];
}

function fetched(origin: string, body: Record<string, unknown>): Snippet[] {
  const json = JSON.stringify(body);
  return [
    {
      language: "curl",
      code: `curl "${origin}/v1/transcriptions?wait=20" \\
  -H "Authorization: Bearer $${KEY}" \\
  -H "Content-Type: application/json" -d ${quoted(json)}`,
    },
    typeScript(origin, {
      code: `const { data, error } = await scriptorium.api.POST("/v1/transcriptions", {
  params: { query: { wait: 20 } },
  body: ${json},
});
if (!data) throw new Error(error?.detail);
console.log(data.id, data.status);`,
    }),
    python(
      origin,
      `print(client.post("/transcriptions?wait=20", body=${json}, cast_to=httpx.Response).text)`,
      "import httpx\n",
    ),
  ];
}

function read(origin: string, id: string): Snippet[] {
  const path = `/v1/transcriptions/${id}`;
  return [
    {
      language: "curl",
      code: `curl -L "${origin}${path}/transcript?format=srt" \\
  -H "Authorization: Bearer $${KEY}"
curl -L "${origin}${path}/audio" -o recording \\
  -H "Authorization: Bearer $${KEY}"`,
    },
    typeScript(origin, {
      code: `const { data, error } = await scriptorium.api.GET("/v1/transcriptions/{id}/transcript", {
  params: { path: { id: "${id}" }, query: { format: "json" } },
});
if (!data) throw new Error(error?.detail);
for (const { start, text } of (data as Transcript).segments) console.log(start, text);`,
      types: ", type Transcript",
    }),
    python(
      origin,
      `transcript = client.get("/transcriptions/${id}/transcript?format=json", cast_to=httpx.Response).json()
for segment in transcript["segments"]:
    print(segment["start"], segment["text"])`,
      "import httpx\n",
    ),
  ];
}

function transcribing({ name, options }: Pick<Sent, "name" | "options">) {
  const members = Object.entries({ file_name: name, ...options }).map(
    ([member, value]) => `\n  ${member}: ${JSON.stringify(value)},`,
  );
  return {
    imports: 'import { openAsBlob } from "node:fs";\n',
    code: `const { transcript } = await scriptorium.transcribe(await openAsBlob(${JSON.stringify(name)}), {${members.join("")}
});
console.log(transcript.text);`,
  };
}

function typeScript(
  origin: string,
  { imports = "", types = "", code }: { imports?: string; types?: string; code: string },
): Snippet {
  return {
    language: "TypeScript",
    code: `${imports}import { Scriptorium${types} } from "@scriptorium/client"; // npm install ./clients/typescript

const scriptorium = new Scriptorium({ url: "${origin}", apiKey: process.env.${KEY} ?? "" });
${code}`,
  };
}

function python(origin: string, code: string, imports = ""): Snippet {
  return {
    language: "Python",
    code: `import os
${imports}from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["${KEY}"])
${code}`,
  };
}

/** As curl's -F reads it: in quotes, what it would take for its own. */
function formName(name: string): string {
  return /[;,"\\]/.test(name) ? `"${name.replaceAll(/["\\]/g, "\\$&")}"` : name;
}
