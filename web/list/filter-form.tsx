import { useRef } from "preact/hooks";
import { TEXT } from "../text.ts";
import type { Filters } from "./transcription-list.ts";

const text = TEXT.list;
const STATUSES = Object.keys(TEXT.statuses) as (keyof typeof TEXT.statuses)[];
/** After the last letter. */
const TYPING_MS = 300;

export function FilterForm(props: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { filters } = props;
  const typing = useRef(0);
  // What is typed comes later, when another filter may have changed.
  const latest = useRef(filters);
  latest.current = filters;
  const change = (changed: Partial<Filters>) => props.onChange({ ...latest.current, ...changed });
  const typed = useRef<Partial<Filters>>({});
  const type = (part: Partial<Filters>) => {
    clearTimeout(typing.current);
    Object.assign(typed.current, part);
    typing.current = setTimeout(() => change(typed.current), TYPING_MS) as unknown as number;
  };
  return (
    <search>
      <form class="fields" onSubmit={(event) => event.preventDefault()}>
        <label>
          {text.status}
          <select value={filters.status} onChange={(event) => change({ status: event.currentTarget.value })}>
            <option value="">{text.any}</option>
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {TEXT.statuses[status]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.name}
          <input type="search" onInput={(event) => type({ fileName: event.currentTarget.value })} />
        </label>
        <label>
          {text.metadata}
          <input type="search" onInput={(event) => type({ metadata: event.currentTarget.value })} />
        </label>
        <label>
          {text.from}
          <input
            type="date"
            value={filters.from}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
        </label>
        <label>
          {text.to}
          <input
            type="date"
            value={filters.to}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </label>
      </form>
    </search>
  );
}
