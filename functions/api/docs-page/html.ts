/** Text that is HTML already. */
export interface Html {
  html: string;
}

type Part = string | number | Html | readonly Part[] | null | undefined | false;

/** A piece of HTML. Whatever is put into it is escaped, unless it is HTML itself; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const text = strings.map((string, i) => string + (i < parts.length ? render(parts[i]) : ""));
  return { html: text.join("") };
}

/** Prose of the document: paragraphs, and `code` between backticks. */
export function prose(text: string | undefined): Html {
  const paragraphs = (text ?? "").split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
  return html`${paragraphs.map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`;
}

export function inline(text: string): Html {
  const pieces = text
    .split("`")
    .map((piece, i) => (i % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
  return html`${pieces}`;
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (Array.isArray(part)) return part.map(render).join("");
  if (typeof part === "object") return (part as Html).html;
  return escapeHtml(String(part));
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]);
}
