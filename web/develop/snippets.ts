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
  -F file=@recording.wav -F model=whisper-1`,
    },
    {
      language: "TypeScript",
      code: `import { openAsBlob } from "node:fs";
import { Scriptorium } from "@scriptorium/client"; // npm install ./clients/typescript

const scriptorium = new Scriptorium({ url: "${origin}", apiKey: process.env.SCRIPTORIUM_API_KEY });
const { transcript } = await scriptorium.transcribe(await openAsBlob("recording.wav"), {
  file_name: "recording.wav",
});
console.log(transcript.text);`,
    },
    {
      language: "Python",
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["SCRIPTORIUM_API_KEY"])
with open("recording.wav", "rb") as file:
    print(client.audio.transcriptions.create(model="whisper-1", file=file).text)`,
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
      code: `import json, os
from urllib.request import Request, urlopen

headers = {"Authorization": f"Bearer {os.environ['SCRIPTORIUM_API_KEY']}"}
with urlopen(Request("${url}/transcript?format=json", headers=headers)) as answer:
    for segment in json.load(answer)["segments"]:
        print(segment["start"], segment["text"])`,
    },
  ];
}
