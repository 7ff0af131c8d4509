import { Api, problemOf } from "./api/client.ts";
import { Store } from "./store.ts";
import { TEXT } from "./text.ts";

const KEY = "scriptorium.key";

export interface Session {
  api: Api | null;
  /** Why there is none. */
  message: string | null;
}

/** Who uses the page: the key lives as long as the tab, and is sent to this service alone. */
export const session = new Store<Session>({ api: null, message: null });

/** With the key of before, or by the one-time link of `npm start`. */
export async function resume(): Promise<void> {
  const token = /^#once=([\w-]+)$/.exec(location.hash)?.[1];
  // It stays in no history and on no screen.
  if (token) history.replaceState(null, "", location.pathname);
  const known = sessionStorage.getItem(KEY);
  if (known) return open(known);
  if (!token) return;
  const answer = await fetch("/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (answer.ok) return open(((await answer.json()) as { key: string }).key);
  session.set({ api: null, message: (await problemOf(answer)).message });
}

/** Try a key. Throws CallError where it opens nothing. */
export async function signIn(key: string): Promise<void> {
  await new Api(key, () => {}).get("/v1/models");
  open(key);
}

export function signOut(message: string | null = null): void {
  sessionStorage.removeItem(KEY);
  session.set({ api: null, message });
}

function open(key: string): void {
  sessionStorage.setItem(KEY, key);
  session.set({ api: new Api(key, () => signOut(TEXT.signIn.refused)), message: null });
}
