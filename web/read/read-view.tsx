import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Api, CallError } from "../api/client.ts";
import type { Transcript, Transcription, Webhook } from "../api/shapes.ts";
import { hasEnded, watch } from "../api/watch.ts";
import { Snippets } from "../develop/snippets-view.tsx";
import { percent } from "../format.ts";
import { FaultNote } from "../parts/fault-note.tsx";
import { stem } from "../parts/save.ts";
import { StatusMark } from "../parts/status-mark.tsx";
import { untilVisible } from "../parts/visible.ts";
import { TEXT } from "../text.ts";
import { AskVersions } from "./ask-versions.tsx";
import { Deliveries } from "./deliveries.tsx";
import { EditBar } from "./edit-bar.tsx";
import { Facts } from "./facts.tsx";
import { FindBar } from "./find-bar.tsx";
import { listenToKeys } from "./keyboard.ts";
import { Pane } from "./pane.tsx";
import { Player } from "./player.ts";
import { PlayerBar } from "./player-bar.tsx";
import { Reading } from "./reading.ts";
import { TakeHome } from "./take-home.tsx";

const text = TEXT.reading;

/** One transcription: watched until it has ended, then read along. */
export function ReadView({ api, id }: { api: Api; id: string }) {
  const [record, setRecord] = useState<(Transcription & { download_url?: string }) | null>(null);
  const [transcript, setTranscript] = useState<Transcript | null>(null);
  const [error, setError] = useState<string | null>(null);
  const wake = useRef(() => {});
  useEffect(() => {
    const end = new AbortController();
    const look = async () => {
      try {
        const found = await api.get<Transcription>(`/v1/transcriptions/${id}`, { signal: end.signal });
        setRecord(found);
        setError(null);
        return { underWay: hasEnded(found.status) ? null : id, soon: isOnItsWay(found.webhook) };
      } catch (cause) {
        if (!end.signal.aborted) setError((cause as Error).message);
        // Another owner's, or none: looking again changes nothing.
        if (cause instanceof CallError && cause.status === 404) end.abort();
        return { underWay: null };
      }
    };
    watch(api, look, { signal: end.signal, onWake: (now) => (wake.current = now), untilVisible });
    return () => end.abort();
  }, [api, id]);
  const completed = record?.status === "completed";
  useEffect(() => {
    if (!completed || !record?.download_url) return;
    readTranscript(record.download_url).then(setTranscript, (cause: Error) => setError(cause.message));
  }, [completed, id]);
  const reading = useMemo(() => transcript && new Reading(transcript), [transcript]);
  const name = record?.file_name ?? id;
  useEffect(() => {
    document.title = TEXT.title(name);
  }, [name]);
  return (
    <>
      <section class="panel" aria-labelledby="reading-title">
        <p>
          <a href="#/">{text.back}</a>
        </p>
        <h2 id="reading-title">{name}</h2>
        {error && <p role="alert">{error}</p>}
        {record && <Progress record={record} />}
        {record && <Facts record={record} transcript={transcript} />}
        {reading && <Along api={api} reading={reading} name={stem(name)} />}
        {reading && record && <AskVersions api={api} record={record} />}
        {record?.webhook && (
          <Deliveries
            api={api}
            path={`/v1/transcriptions/${id}`}
            webhook={record.webhook}
            onSent={() => wake.current()}
          />
        )}
      </section>
      {reading && <TakeHome api={api} reading={reading} name={stem(name)} />}
      {record && <Snippets shown={{ kind: "read", id }} />}
    </>
  );
}

/** A try is under way, or comes within the minute. */
function isOnItsWay(webhook: Webhook | null): boolean {
  if (webhook?.status !== "pending") return false;
  return Date.parse(webhook.next_attempt_at ?? "1970") < Date.now() + 60_000;
}

/** Not by the API, since one of hours lies elsewhere and wants no key. */
async function readTranscript(url: string): Promise<Transcript> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(TEXT.errors.status(answer.status));
  return (await answer.json()) as Transcript;
}

function Progress({ record }: { record: Transcription }) {
  const { status, progress, error } = record;
  return (
    <>
      {status !== "completed" && (
        <p class="row" role="status">
          <StatusMark status={status} />
          {status === "processing" && (
            <>
              <progress value={progress} max={1} aria-label={text.progress} /> {percent(progress)}
            </>
          )}
        </p>
      )}
      {error && <FaultNote fault={error} />}
      {status === "expired" && <p class="fault">{TEXT.list.expired}</p>}
    </>
  );
}

/** The sound, the text, and what one does with both. */
function Along({ api, reading, name }: { api: Api; reading: Reading; name: string }) {
  const { transcript } = reading;
  const player = useMemo(() => new Player(api, transcript.id), [api, transcript]);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const deaf = listenToKeys(reading, player, () => field.current?.focus());
    return () => {
      deaf();
      player.close();
    };
  }, [reading, player]);
  const { audio, duration, segments } = transcript;
  if (segments.length === 0) return <p class="quiet">{text.silence}</p>;
  return (
    <>
      <PlayerBar player={player} duration={duration} peaks={audio.peaks} />
      <FindBar reading={reading} field={field} />
      <Pane reading={reading} player={player} />
      <EditBar reading={reading} name={name} />
      <details>
        <summary>{text.keys}</summary>
        <dl class="keys">
          {text.keyList.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
