import { FORMATS, type FormatName } from "../../src/formats/index.ts";
import { safeFileName } from "../../src/jobs/object-keys.ts";

/**
 * Shown in place, and saved under the recording's name with the format's extension (RFC 6266). `filename*` says what
 * `filename` cannot, which is ASCII alone.
 */
export function contentDisposition(fileName: string | null, id: string, format: FormatName): string {
  const stem = fileName === null ? id : safeFileName(fileName).replace(/(?<=.)\.\w{1,8}$/u, "");
  return disposition("inline", `${stem}.${FORMATS[format].extension}`);
}

/** Saved under this name, and never shown in place. */
export function attachment(name: string): string {
  return disposition("attachment", name);
}

function disposition(kind: "inline" | "attachment", name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\]/gu, "_");
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, percent);
  return `${kind}; filename="${ascii}"${ascii === name ? "" : `; filename*=UTF-8''${encoded}`}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
