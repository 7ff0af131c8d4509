/** What the page has just done, as other programs would do it. Keys are never part of it. */
export type Shown = { kind: "transcribe" } | { kind: "read"; id: string };

export interface Snippet {
  language: "curl" | "TypeScript" | "Python";
  code: string;
}

export function snippets(origin: string, shown: Shown): Snippet[] {
  return shown.kind === "transcribe" ? transcribe(origin) : read(origin, shown.id);
}

function transcribe(origin: string): Snippet[] {
  return [
    {
      language: "curl",
      code: `curl "${origin}/v1/audio/transcriptions" \\
  -H "Authorization: Bearer $SCRIPTORIUM_API_KEY" \\
  -F file=@recording.wav -F model=default`,
    },
    {
      language: "TypeScript",
      code: `const headers = { authorization: \`Bearer \${process.env.SCRIPTORIUM_API_KEY}\` };
const created = await fetch("${origin}/v1/transcriptions", {
  method: "POST",
  headers: { ...headers, "content-type": "application/json" },
  body: JSON.stringify({ file_name: "recording.wav" }),
}).then((answer) => answer.json());
await fetch(created.upload.url, {
  method: created.upload.method,
  headers: created.upload.headers,
  body: await readFile("recording.wav"),
});
const ended = await fetch(\`${origin}/v1/transcriptions/\${created.id}?wait=25\`, { headers });`,
    },
    {
      language: "Python",
      code: `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["SCRIPTORIUM_API_KEY"])
with open("recording.wav", "rb") as file:
    print(client.audio.transcriptions.create(model="default", file=file).text)`,
    },
  ];
}

function read(origin: string, id: string): Snippet[] {
  const url = `${origin}/v1/transcriptions/${id}`;
  return [
    {
      language: "curl",
      code: `curl "${url}/transcript?format=srt" \\
  -H "Authorization: Bearer $SCRIPTORIUM_API_KEY"
curl -L "${url}/audio" -o recording \\
  -H "Authorization: Bearer $SCRIPTORIUM_API_KEY"`,
    },
    {
      language: "TypeScript",
      code: `const headers = { authorization: \`Bearer \${process.env.SCRIPTORIUM_API_KEY}\` };
const answer = await fetch("${url}/transcript?format=json", { headers });
for (const { start, text } of (await answer.json()).segments) console.log(start, text);`,
    },
    {
      language: "Python",
      code: `import os, requests

headers = {"Authorization": f"Bearer {os.environ['SCRIPTORIUM_API_KEY']}"}
answer = requests.get("${url}/transcript?format=json", headers=headers)
for segment in answer.json()["segments"]:
    print(segment["start"], segment["text"])`,
    },
  ];
}
