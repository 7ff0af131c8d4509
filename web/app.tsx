import { useEffect, useMemo } from "preact/hooks";
import { AccountView } from "./account/account-view.tsx";
import type { Api } from "./api/client.ts";
import { BatchesView, BatchView } from "./list/batches-view.tsx";
import { ListView } from "./list/list-view.tsx";
import { ReadView } from "./read/read-view.tsx";
import { type Route, route } from "./route.ts";
import { session, signOut } from "./session.ts";
import { SignInView } from "./sign-in-view.tsx";
import { useStore } from "./store.ts";
import { TEXT } from "./text.ts";
import { UploadQueue } from "./upload/queue.ts";

const LINKS: [href: string, label: string, views: Route["view"][]][] = [
  ["#/", TEXT.nav.list, ["list", "transcription"]],
  ["#/batches", TEXT.nav.batches, ["batches", "batch"]],
  ["#/account", TEXT.nav.account, ["account"]],
];

export function App() {
  const { api, message } = useStore(session);
  const { view } = useStore(route);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: the address says which view is shown */}
      <a class="skip" href="#content" onClick={skip}>
        {TEXT.nav.skip}
      </a>
      <header>
        <h1>
          <a href="#/">{TEXT.name}</a>
        </h1>
        {api && (
          <nav aria-label={TEXT.nav.label}>
            {LINKS.map(([href, label, views]) => (
              <a key={href} href={href} {...(views.includes(view) && { "aria-current": "page" })}>
                {label}
              </a>
            ))}
            <a href="/docs">{TEXT.nav.docs}</a>
            <button type="button" class="link" onClick={() => signOut()}>
              {TEXT.nav.signOut}
            </button>
          </nav>
        )}
      </header>
      <main id="content" tabIndex={-1}>
        {api ? <Views api={api} /> : <SignInView message={message} />}
      </main>
    </>
  );
}

/** The queue outlives its view: uploads go on while something else is looked at. */
function Views({ api }: { api: Api }) {
  const queue = useMemo(() => new UploadQueue(api), [api]);
  useEffect(() => () => queue.close(), [queue]);
  const { view, id } = useStore(route);
  if (view === "transcription") return <ReadView key={id} api={api} id={id} />;
  if (view === "batches") return <BatchesView api={api} />;
  if (view === "batch") return <BatchView key={id} api={api} queue={queue} id={id} />;
  if (view === "account") return <AccountView api={api} />;
  return <ListView api={api} queue={queue} />;
}

/** Not by the address, which says what is shown. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}
