import { useStore } from "../store.ts";
import { TEXT } from "../text.ts";
import type { Reading } from "./reading.ts";

const text = TEXT.find;

export function FindBar({
  reading,
  field,
}: {
  reading: Reading;
  field: { current: HTMLInputElement | null };
}) {
  const { query, matches, match } = useStore(reading.state);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      reading.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") reading.find("");
  };
  return (
    <search class="row">
      <label class="inline grow">
        {text.label}
        <input
          ref={field}
          type="search"
          value={query}
          onInput={(event) => reading.find(event.currentTarget.value)}
          onKeyDown={press}
        />
      </label>
      <span role="status">{query.trim() !== "" && text.count(match + 1, matches.length)}</span>
      <button type="button" disabled={matches.length === 0} onClick={() => reading.step(-1)}>
        {text.previous}
      </button>
      <button type="button" disabled={matches.length === 0} onClick={() => reading.step(1)}>
        {text.next}
      </button>
    </search>
  );
}
