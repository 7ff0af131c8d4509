import { useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import type { Webhook } from "../api/shapes.ts";
import { moment } from "../format.ts";
import { FaultNote } from "../parts/fault-note.tsx";
import { TEXT } from "../text.ts";

const text = TEXT.deliveries;

/** What became of a webhook, try by try, and another one on request. `path` of the transcription or batch. */
export function Deliveries(props: { api: Api; path: string; webhook: Webhook; onSent: () => void }) {
  const { api, path, webhook, onSent } = props;
  const [error, setError] = useState<string | null>(null);
  const send = () =>
    api
      .post(`${path}/webhook/redeliver`)
      .then(() => setError(null))
      .catch((cause: Error) => setError(cause.message))
      .then(onSent);
  return (
    <section aria-labelledby="deliveries-title">
      <h3 id="deliveries-title">{text.title}</h3>
      <p>
        <code>{webhook.url}</code> <span class="mark">{text.statuses[webhook.status]}</span>
      </p>
      {webhook.disabled_reason && <FaultNote fault={webhook.disabled_reason} />}
      {webhook.next_attempt_at && <p class="quiet">{text.next(moment(webhook.next_attempt_at))}</p>}
      <ol class="list">
        {webhook.attempts.map(({ at, status, error: fault }) => (
          <li key={at}>
            {moment(at)} · {status ?? text.noAnswer} {fault}
          </li>
        ))}
      </ol>
      {webhook.status !== "waiting" && (
        <button type="button" onClick={send}>
          {text.again}
        </button>
      )}
      {error && <p role="alert">{error}</p>}
    </section>
  );
}
