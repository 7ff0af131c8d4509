import { useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import type { Key } from "../api/shapes.ts";
import { moment } from "../format.ts";
import { useLatest } from "../list/use-latest.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { TEXT } from "../text.ts";

const text = TEXT.account;

/** The owner's keys: made, shown once, revoked. */
export function KeysPanel({ api }: { api: Api }) {
  const { value, error, look } = useLatest(() => api.get<{ data: Key[] }>("/v1/keys"), "keys");
  const [made, setMade] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const act = (action: Promise<unknown>) =>
    action.catch((cause: Error) => setFault(cause.message)).then(look);
  const create = (name: string) =>
    act(
      api
        .post<{ secret: string }>("/v1/keys", { body: name ? { name } : {} })
        .then(({ secret }) => setMade(secret)),
    );
  const revoke = ({ id, name, hint }: Key) =>
    confirm(text.sure(name || hint)) && act(api.delete(`/v1/keys/${id}`));
  return (
    <section class="panel" aria-labelledby="keys-title">
      <h2 id="keys-title">{text.keys}</h2>
      {(fault ?? error) && <p role="alert">{fault ?? error}</p>}
      <NewKey onCreate={create} />
      {made && (
        <p class="note" role="status">
          {text.once} <code>{made}</code> <CopyButton label={TEXT.copy} content={() => made} />
        </p>
      )}
      <ul class="list">
        {value?.data.map((key) => (
          <li key={key.id}>
            <span class="name">{key.name || key.hint}</span>
            <span class="quiet">
              {key.hint}… · {moment(key.created_at)}
              {key.revoked_at && ` · ${text.revoked(moment(key.revoked_at))}`}
            </span>
            {!key.revoked_at && (
              <span class="actions">
                <button
                  type="button"
                  onClick={() => revoke(key)}
                  aria-label={text.revokeOne(key.name || key.hint)}
                >
                  {text.revoke}
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewKey({ onCreate }: { onCreate: (name: string) => void }) {
  const [name, setName] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    onCreate(name.trim());
    setName("");
  };
  return (
    <form class="row" onSubmit={send}>
      <label class="grow">
        {text.keyName}
        <input
          type="text"
          maxLength={200}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit">{text.create}</button>
    </form>
  );
}
