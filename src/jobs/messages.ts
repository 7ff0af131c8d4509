import type { WebhookMessage } from "./webhook.ts";

/** What waits in `transcribe` and `archive`, besides S3's own events: a transcription whose source lies ready. */
export interface TranscribeMessage {
  type: "transcribe";
  id: string;
}

const ID = /^(tr|ba)_[0-9a-f]{32}$/;

export function isId(text: string, prefix: "tr" | "ba"): boolean {
  return ID.test(text) && text.startsWith(`${prefix}_`);
}

export function transcribeMessage(id: string): string {
  return JSON.stringify({ type: "transcribe", id } satisfies TranscribeMessage);
}

/** Null where it is none. */
export function parseTranscribeMessage(body: string): TranscribeMessage | null {
  const value = parse(body);
  return value?.type === "transcribe" && typeof value.id === "string" && isId(value.id, "tr")
    ? { type: "transcribe", id: value.id }
    : null;
}

export function webhookMessage(message: WebhookMessage): string {
  return JSON.stringify(message);
}

/** Null where it is none. */
export function parseWebhookMessage(body: string): WebhookMessage | null {
  const value = parse(body);
  if (!value || typeof value.id !== "string" || typeof value.attempt !== "number") return null;
  const { id, attempt } = value;
  if (value.subject === "transcription" && isId(id, "tr")) return { subject: "transcription", id, attempt };
  if (value.subject === "batch" && isId(id, "ba")) return { subject: "batch", id, attempt };
  return null;
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
