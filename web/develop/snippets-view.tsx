import { CopyButton } from "../parts/copy-button.tsx";
import { TEXT } from "../text.ts";
import { type Shown, snippets } from "./snippets.ts";

const text = TEXT.develop;

export function Snippets({ shown }: { shown: Shown }) {
  return (
    <section class="panel" aria-labelledby="develop-title">
      <h2 id="develop-title">{text.title}</h2>
      <p class="quiet">
        {text.about} <a href="/docs">{text.docs}</a>
      </p>
      {snippets(location.origin, shown).map(({ language, code }) => (
        <details key={language}>
          <summary>{language}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
          <pre tabIndex={0}>
            <code>{code}</code>
          </pre>
          <CopyButton label={TEXT.copy} content={() => code} />
        </details>
      ))}
    </section>
  );
}
