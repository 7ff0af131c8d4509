import type { Transcript, Transcription } from "../api/shapes.ts";
import { clock, moment, percent } from "../format.ts";
import { speedOf } from "../list/transcription-row.tsx";
import { TEXT } from "../text.ts";

const text = TEXT.facts;

export function Facts({ record, transcript }: { record: Transcription; transcript: Transcript | null }) {
  const { audio, model, created_at } = record;
  const speed = speedOf(record);
  const facts: [string, string | null][] = [
    [text.created, moment(created_at)],
    [text.duration, audio && clock(audio.duration)],
    [text.audio, audio && text.sound(audio.codec, audio.sample_rate, audio.channels)],
    [text.model, model && `${model.name} ${model.version} · ${model.device}`],
    [text.speed, speed === null ? null : TEXT.list.speed(speed)],
    [text.confidence, transcript?.confidence == null ? null : percent(transcript.confidence)],
  ];
  return (
    <>
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {transcript?.warnings?.map(({ code, message, at }) => (
        <p class="note" key={`${code} ${at}`}>
          {message} ({clock(at)})
        </p>
      ))}
    </>
  );
}
