import { useState } from "preact/hooks";
import { TEXT } from "../text.ts";

const SHOWN_MS = 2000;

export function CopyButton({ label, content }: { label: string; content: () => string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(content());
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button type="button" onClick={copy}>
      <span aria-live="polite">{copied ? TEXT.copied : label}</span>
    </button>
  );
}

/** Pages without TLS have no clipboard but the old one. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
