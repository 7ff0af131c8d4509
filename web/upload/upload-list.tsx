import { bytes, percent } from "../format.ts";
import { toTranscription } from "../route.ts";
import { TEXT } from "../text.ts";
import type { UploadItem, UploadQueue } from "./queue.ts";

const text = TEXT.upload;

export function UploadList({ items, queue }: { items: UploadItem[]; queue: UploadQueue }) {
  const over = items.some(({ state }) => state !== "waiting" && state !== "sending");
  return (
    <>
      <ul class="uploads" aria-label={text.list}>
        {items.map((item) => (
          <UploadRow key={item.key} item={item} queue={queue} />
        ))}
      </ul>
      {over && (
        <button type="button" onClick={() => queue.clear()}>
          {text.clear}
        </button>
      )}
    </>
  );
}

function UploadRow({ item, queue }: { item: UploadItem; queue: UploadQueue }) {
  const { key, name, size, sent, state, id, error } = item;
  const underWay = state === "waiting" || state === "sending";
  return (
    <li data-state={state}>
      <span class="name">{id && state === "done" ? <a href={toTranscription(id)}>{name}</a> : name}</span>
      {state === "sending" && size > 0 && (
        <progress value={sent} max={size} aria-label={text.progress(name)}>
          {percent(sent / size)}
        </progress>
      )}
      <span class="quiet">
        {text.states[state]}
        {state === "sending" && size > 0 && ` ${bytes(sent)} / ${bytes(size)}`}
      </span>
      {error && <span role="alert">{error}</span>}
      {underWay && (
        <button type="button" onClick={() => queue.cancel(key)} aria-label={text.cancelOne(name)}>
          {text.cancel}
        </button>
      )}
      {(state === "failed" || state === "canceled") && (
        <button type="button" onClick={() => queue.retry(key)} aria-label={text.retryOne(name)}>
          {text.retry}
        </button>
      )}
    </li>
  );
}
