import { Store } from "./store.ts";

/** Which view is shown: `#/`, `#/transcriptions/{id}`, `#/batches`, `#/batches/{id}`, `#/account`. */
export interface Route {
  view: "list" | "transcription" | "batches" | "batch" | "account";
  id: string;
}

export function readRoute(hash: string): Route {
  const [view = "", id = ""] = hash.replace(/^#\/?/, "").split("/");
  if (view === "transcriptions" && /^tr_\w+$/.test(id)) return { view: "transcription", id };
  if (view === "batches" && /^ba_\w+$/.test(id)) return { view: "batch", id };
  if (view === "batches") return { view: "batches", id: "" };
  if (view === "account") return { view: "account", id: "" };
  return { view: "list", id: "" };
}

export const toTranscription = (id: string) => `#/transcriptions/${id}`;
export const toBatch = (id: string) => `#/batches/${id}`;

export const route = new Store<Route>({ view: "list", id: "" });

export function followRoute(): void {
  const read = () => route.set(readRoute(location.hash));
  addEventListener("hashchange", read);
  read();
}
