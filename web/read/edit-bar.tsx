import { save } from "../parts/save.ts";
import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import { toEditedJson, toSrt, toText } from "./export.ts";
import type { Reading } from "./reading.ts";

const text = TEXT.edits;

/** What the reader changed: back, forth, and out of the browser. */
export function EditBar({ reading, name }: { reading: Reading; name: string }) {
  const { edits, words, shading, follow } = useStore(reading.state);
  const count = Object.keys(edits.words).length;
  const { script, transcript } = reading;
  const check = (label: string, checked: boolean, change: (checked: boolean) => void) => (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => change(event.currentTarget.checked)} />
      {label}
    </label>
  );
  return (
    <div class="row">
      {check(text.shading, shading, (on) => reading.set({ shading: on }))}
      {check(text.follow, follow, (on) => reading.set({ follow: on }))}
      <span class="grow" />
      <span class="quiet" role="status">
        {text.count(count)}
      </span>
      <button type="button" disabled={edits.done.length === 0} onClick={() => reading.undo()}>
        {text.undo}
      </button>
      <button type="button" disabled={edits.undone.length === 0} onClick={() => reading.redo()}>
        {text.redo}
      </button>
      {count > 0 && (
        <>
          <button
            type="button"
            onClick={() => save(`${name}.edited.txt`, toText(script, words), "text/plain")}
          >
            {text.asText}
          </button>
          <button
            type="button"
            onClick={() => save(`${name}.edited.srt`, toSrt(script, words), "application/x-subrip")}
          >
            {text.asSrt}
          </button>
          <button
            type="button"
            onClick={() =>
              save(`${name}.edited.json`, toEditedJson(transcript, script, edits), "application/json")
            }
          >
            {text.asJson}
          </button>
        </>
      )}
    </div>
  );
}
