import type { Api } from "../api/client.ts";
import type { Transcription } from "../api/shapes.ts";
import { hasEnded } from "../api/watch.ts";
import { clock, moment, percent } from "../format.ts";
import { FaultNote } from "../parts/fault-note.tsx";
import { StatusMark } from "../parts/status-mark.tsx";
import { toTranscription } from "../route.ts";
import { TEXT } from "../text.ts";

const text = TEXT.list;

export function TranscriptionRow(props: { item: Transcription; api: Api; onChanged: () => void }) {
  const { item, api } = props;
  const { id, status, progress, audio, error } = item;
  const name = item.file_name ?? id;
  const act = (action: Promise<unknown>) => action.catch(() => {}).then(props.onChanged);
  const cancel = () => act(api.post(`/v1/transcriptions/${id}/cancel`));
  const remove = () => confirm(text.sure(name)) && act(api.delete(`/v1/transcriptions/${id}`));
  return (
    <li>
      <a class="name" href={toTranscription(id)}>
        {name}
      </a>
      <StatusMark status={status} />
      {status === "processing" && (
        <progress value={progress} max={1} aria-label={text.progress(name)}>
          {percent(progress)}
        </progress>
      )}
      <span class="quiet">
        {moment(item.created_at)}
        {audio && ` · ${clock(audio.duration)}`}
        {speedOf(item) !== null && ` · ${text.speed(speedOf(item)!)}`}
      </span>
      <span class="actions">
        {!hasEnded(status) && (
          <button type="button" onClick={cancel} aria-label={text.cancelOne(name)}>
            {text.cancel}
          </button>
        )}
        {hasEnded(status) && status !== "deleted" && (
          <button type="button" onClick={remove} aria-label={text.deleteOne(name)}>
            {text.delete}
          </button>
        )}
      </span>
      {error && <FaultNote fault={error} />}
      {status === "expired" && <p class="fault">{text.expired}</p>}
    </li>
  );
}

/** Seconds of audio a second, from the begin of the work to its end. */
export function speedOf({ audio, times }: Transcription): number | null {
  const { processing, completed } = times;
  if (!audio || !processing || !completed) return null;
  const seconds = (Date.parse(completed) - Date.parse(processing)) / 1000;
  return seconds > 0 ? audio.duration / seconds : null;
}
