import { useEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import { dropped, type Gathered, sort } from "./gather.ts";
import { type Choices, NO_CHOICES, toOptions } from "./options.ts";
import { OptionsForm } from "./options-form.tsx";
import type { UploadQueue } from "./queue.ts";
import { RecordButton } from "./record-button.tsx";
import { UploadList } from "./upload-list.tsx";

const text = TEXT.upload;

/** Everything that brings a recording in: files, folders, an address, the microphone. */
export function UploadPanel({ queue }: { queue: UploadQueue }) {
  const [choices, setChoices] = useState<Choices>(NO_CHOICES);
  const [leftOut, setLeftOut] = useState<string[]>([]);
  const [over, setOver] = useState(false);
  const items = useStore(queue.items);
  const take = (gathered: Gathered) => {
    setLeftOut(gathered.leftOut);
    queue.addFiles(gathered.files, toOptions(choices));
  };
  useDrop((data) => dropped(data).then(take), setOver);
  return (
    <section class="panel" aria-labelledby="upload-title">
      <h2 id="upload-title">{text.title}</h2>
      <div class={over ? "drop over" : "drop"}>
        <p>{text.drop}</p>
        <p class="row">
          <Picker label={text.files} folder={false} onFiles={(files) => take(sort(files, false))} />
          <Picker label={text.folder} folder onFiles={(files) => take(sort(files, true))} />
          <RecordButton onFile={(file) => take(sort([file], false))} />
        </p>
        <UrlForm onUrl={(url) => queue.addUrl(url, toOptions(choices))} />
      </div>
      <OptionsForm choices={choices} onChange={setChoices} />
      {leftOut.length > 0 && <p class="note">{text.leftOut(leftOut)}</p>}
      {items.length > 0 && <UploadList items={items} queue={queue} />}
    </section>
  );
}

function Picker(props: { label: string; folder: boolean; onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => {
    const field = input.current!;
    props.onFiles([...(field.files ?? [])]);
    field.value = "";
  };
  return (
    <>
      <button type="button" class={props.folder ? "" : "primary"} onClick={() => input.current?.click()}>
        {props.label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={props.label}
        {...(props.folder && { webkitdirectory: true })}
        onChange={choose}
      />
    </>
  );
}

function UrlForm({ onUrl }: { onUrl: (url: string) => void }) {
  const [url, setUrl] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    if (url.trim() === "") return;
    onUrl(url.trim());
    setUrl("");
  };
  return (
    <form class="row" onSubmit={send}>
      <label class="grow">
        {text.url}
        <input
          type="url"
          value={url}
          placeholder="https://"
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{text.sendUrl}</button>
    </form>
  );
}

/** Anywhere on the page: who drops a file beside the box would leave the page else. */
function useDrop(take: (data: DataTransfer) => void, setOver: (over: boolean) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const end = new AbortController();
    const options = { signal: end.signal };
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    addEventListener(
      "dragover",
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      options,
    );
    addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), options);
    addEventListener(
      "drop",
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        latest.current(event.dataTransfer!);
      },
      options,
    );
    return () => end.abort();
  }, []);
}
