import { useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { save } from "../parts/save.ts";
import { TEXT } from "../text.ts";
import { toCsv } from "./export.ts";
import type { Reading } from "./reading.ts";

const text = TEXT.takeHome;
const FORMATS = [
  ["text", "txt", "text/plain"],
  ["srt", "srt", "application/x-subrip"],
  ["vtt", "vtt", "text/vtt"],
  ["json", "json", "application/json"],
] as const;

/** The result as the service has it, in every format; and every word as a line for a spreadsheet. */
export function TakeHome({ api, reading, name }: { api: Api; reading: Reading; name: string }) {
  const [error, setError] = useState<string | null>(null);
  const { transcript, script } = reading;
  const download = async ([format, extension, type]: (typeof FORMATS)[number]) => {
    try {
      const content = await api.text(`/v1/transcriptions/${transcript.id}/transcript?format=${format}`);
      save(`${name}.${extension}`, content, type);
      setError(null);
    } catch (cause) {
      setError((cause as Error).message);
    }
  };
  return (
    <section class="panel" aria-labelledby="home-title">
      <h2 id="home-title">{text.title}</h2>
      <div class="row">
        <CopyButton label={text.copy} content={() => transcript.text} />
        {FORMATS.map((format) => (
          <button key={format[0]} type="button" onClick={() => download(format)}>
            {text.formats[format[0]]}
          </button>
        ))}
        <button type="button" onClick={() => save(`${name}.csv`, toCsv(script), "text/csv")}>
          {text.csv}
        </button>
      </div>
      {error && <p role="alert">{error}</p>}
    </section>
  );
}
