import { useEffect, useState } from "preact/hooks";
import { signIn } from "./session.ts";
import { TEXT } from "./text.ts";

const text = TEXT.signIn;

export function SignInView({ message }: { message: string | null }) {
  const [key, setKey] = useState("");
  const [error, setError] = useState<string | null>(message);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = TEXT.title(text.title);
  }, []);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    await signIn(key.trim()).catch((cause: Error) => setError(cause.message));
    setBusy(false);
  };
  return (
    <section class="panel narrow" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">{text.title}</h2>
      <p>{text.about}</p>
      <form onSubmit={send}>
        <label>
          {text.key}
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        {error && <p role="alert">{error}</p>}
        <button type="submit" class="primary" disabled={busy}>
          {text.send}
        </button>
      </form>
    </section>
  );
}
