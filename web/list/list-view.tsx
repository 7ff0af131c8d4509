import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { NOTHING_SENT } from "../develop/snippets.ts";
import { Snippets } from "../develop/snippets-view.tsx";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import type { UploadQueue } from "../upload/queue.ts";
import { UploadPanel } from "../upload/upload-panel.tsx";
import { FilterForm } from "./filter-form.tsx";
import { type Filters, NO_FILTERS, TranscriptionList } from "./transcription-list.ts";
import { TranscriptionRow } from "./transcription-row.tsx";

const text = TEXT.list;

export function ListView({ api, queue }: { api: Api; queue: UploadQueue }) {
  useEffect(() => {
    document.title = TEXT.title(text.title);
  }, []);
  const sent = useStore(queue.items).at(-1) ?? NOTHING_SENT;
  return (
    <>
      <UploadPanel queue={queue} />
      <Transcriptions api={api} queue={queue} batchId="" />
      <Snippets shown={{ ...sent, kind: "transcribe" }} />
    </>
  );
}

export function Transcriptions(props: { api: Api; queue: UploadQueue; batchId: string }) {
  const { api, queue, batchId } = props;
  const [filters, setFilters] = useState<Filters>({ ...NO_FILTERS, batchId });
  const list = useMemo(() => {
    const isSent = (id: string) => queue.items.value.some((item) => item.id === id && item.state === "done");
    return new TranscriptionList(api, filters, isSent);
  }, [api]);
  useEffect(() => () => list.close(), [list]);
  // Each step of an upload shows in the list.
  const steps = useStore(queue.items)
    .map(({ id, state }) => `${id} ${state}`)
    .join();
  useEffect(() => list.wake(), [steps]);
  const { items, next, error } = useStore(list.listed);
  const change = (changed: Filters) => {
    setFilters(changed);
    list.filter(changed);
  };
  return (
    <section class="panel" aria-labelledby="list-title">
      <h2 id="list-title">{text.title}</h2>
      <FilterForm filters={filters} onChange={change} />
      {error && <p role="alert">{error}</p>}
      <p class="visually-hidden" role="status">
        {items && text.count(items.length)}
      </p>
      {items?.length === 0 && <p class="quiet">{text.empty}</p>}
      {items && items.length > 0 && (
        <ul class="list">
          {items.map((item) => (
            <TranscriptionRow key={item.id} item={item} api={api} onChanged={() => list.wake()} />
          ))}
        </ul>
      )}
      {next && (
        <button type="button" onClick={() => list.more()}>
          {text.more}
        </button>
      )}
    </section>
  );
}
