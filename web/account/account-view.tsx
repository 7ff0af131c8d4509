import { useEffect } from "preact/hooks";
import type { Api } from "../api/client.ts";
import type { Usage } from "../api/shapes.ts";
import { clock } from "../format.ts";
import { useLatest } from "../list/use-latest.ts";
import { TEXT } from "../text.ts";
import { KeysPanel } from "./keys-panel.tsx";

const text = TEXT.account;

export function AccountView({ api }: { api: Api }) {
  const { value: usage, error } = useLatest(() => api.get<Usage>("/v1/usage"), "usage");
  useEffect(() => {
    document.title = TEXT.title(text.title);
  }, []);
  return (
    <>
      <section class="panel" aria-labelledby="account-title">
        <h2 id="account-title">{text.usage}</h2>
        {error && <p role="alert">{error}</p>}
        {usage && <UsageTable usage={usage} />}
      </section>
      <KeysPanel api={api} />
    </>
  );
}

function UsageTable({ usage: { from, to, data } }: { usage: Usage }) {
  if (data.length === 0) return <p class="quiet">{text.none(from, to)}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
    <section class="scroll" tabIndex={0} aria-label={text.caption(from, to)}>
      <table>
        <caption>{text.caption(from, to)}</caption>
        <thead>
          <tr>
            {text.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.toReversed().map((row) => (
            <tr key={`${row.day} ${row.key_id}`}>
              <th scope="row">{row.day}</th>
              <td>{row.key_id}</td>
              <td>{row.completed}</td>
              <td>{row.failed}</td>
              <td>{row.canceled}</td>
              <td>{clock(row.audio_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
