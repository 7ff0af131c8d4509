import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import type { Batch, BatchItem, Page } from "../api/shapes.ts";
import { clock, moment, percent } from "../format.ts";
import { FaultNote } from "../parts/fault-note.tsx";
import { StatusMark } from "../parts/status-mark.tsx";
import { Deliveries } from "../read/deliveries.tsx";
import { toBatch } from "../route.ts";
import { TEXT } from "../text.ts";
import type { UploadQueue } from "../upload/queue.ts";
import { Transcriptions } from "./list-view.tsx";
import { useLatest } from "./use-latest.ts";

const text = TEXT.batches;
const OVER: readonly Batch["status"][] = ["completed", "canceled", "failed"];

export function BatchesView({ api }: { api: Api }) {
  const { value, error } = useLatest(() => api.get<Page<Batch>>("/v1/batches?limit=50"), "batches");
  useEffect(() => {
    document.title = TEXT.title(text.title);
  }, []);
  return (
    <section class="panel" aria-labelledby="batches-title">
      <h2 id="batches-title">{text.title}</h2>
      <p class="quiet">{text.about}</p>
      {error && <p role="alert">{error}</p>}
      {value?.data.length === 0 && <p class="quiet">{text.empty}</p>}
      {value && value.data.length > 0 && (
        <ul class="list">
          {value.data.map((batch) => (
            <li key={batch.id}>
              <a class="name" href={toBatch(batch.id)}>
                {batch.name ?? batch.id}
              </a>
              <Facts batch={batch} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function BatchView({ api, queue, id }: { api: Api; queue: UploadQueue; id: string }) {
  const { value: batch, error, look } = useLatest(() => api.get<Batch>(`/v1/batches/${id}`), id);
  const name = batch?.name ?? id;
  useEffect(() => {
    document.title = TEXT.title(name);
  }, [name]);
  const over = batch && OVER.includes(batch.status);
  return (
    <>
      <section class="panel" aria-labelledby="batch-title">
        <h2 id="batch-title">{name}</h2>
        {error && <p role="alert">{error}</p>}
        {batch && <Facts batch={batch} />}
        {batch?.error && <FaultNote fault={batch.error} />}
        {batch && <Counts counts={batch.counts} />}
        {batch && !over && (
          <button type="button" onClick={() => api.post(`/v1/batches/${id}/cancel`).finally(look)}>
            {text.cancel}
          </button>
        )}
        {over && <LeftOut api={api} id={id} />}
        {batch?.webhook && (
          <Deliveries api={api} path={`/v1/batches/${id}`} webhook={batch.webhook} onSent={look} />
        )}
      </section>
      <Transcriptions api={api} queue={queue} batchId={id} />
    </>
  );
}

function Facts({ batch }: { batch: Batch }) {
  const { status, progress, audio_seconds, eta_seconds } = batch;
  return (
    <>
      <StatusMark status={status} />
      {!OVER.includes(status) && (
        <progress value={progress} max={1} aria-label={text.progress(batch.name ?? batch.id)}>
          {percent(progress)}
        </progress>
      )}
      <span class="quiet">
        {moment(batch.created_at)} · {text.done(clock(audio_seconds))}
        {eta_seconds !== null && !OVER.includes(status) && ` · ${text.left(clock(eta_seconds))}`}
      </span>
    </>
  );
}

function Counts({ counts }: { counts: Record<string, number> }) {
  const words = { ...TEXT.statuses, total: text.total, skipped: text.skipped } as Record<string, string>;
  return (
    <dl class="facts">
      {Object.entries(counts).map(([name, count]) => (
        <div key={name}>
          <dt>{words[name] ?? name}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What has no transcript, and why: read from the summary, on request. */
function LeftOut({ api, id }: { api: Api; id: string }) {
  const [items, setItems] = useState<BatchItem[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = () =>
    api
      .text(`/v1/batches/${id}/summary`)
      .then((lines) => setItems(leftOut(lines)))
      .catch((cause: Error) => setError(cause.message));
  if (error) return <p role="alert">{error}</p>;
  if (!items)
    return (
      <button type="button" onClick={read}>
        {text.showLeftOut}
      </button>
    );
  if (items.length === 0) return <p class="quiet">{text.nothingLeftOut}</p>;
  return (
    <ul class="list">
      {items.map(({ id: item, source, status, error: fault }) => (
        <li key={`${item} ${source}`}>
          <span class="name">{source}</span>
          {status === "skipped" && <span class="mark">{text.skipped}</span>}
          {status !== "skipped" && status !== "left_out" && <StatusMark status={status} />}
          {fault && <FaultNote fault={fault} />}
        </li>
      ))}
    </ul>
  );
}

function leftOut(lines: string): BatchItem[] {
  const items = lines.split("\n").filter((line) => line !== "");
  return items.map((line) => JSON.parse(line) as BatchItem).filter(({ status }) => status !== "completed");
}
