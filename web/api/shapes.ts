/** What the page reads of the API's answers. */

export interface Fault {
  code: string;
  message: string;
}

export type Status =
  | "awaiting_upload"
  | "queued"
  | "processing"
  | "completed"
  | "failed"
  | "canceled"
  | "expired"
  | "deleted";

export interface Upload {
  url: string;
  headers: Record<string, string>;
  expires_at: string;
}

/** Those of its parts that are not there yet. */
export interface UploadInParts {
  size: number;
  parts: { number: number; offset: number; size: number; url: string }[];
}

export interface Webhook {
  url: string;
  event_id: string;
  status: "waiting" | "pending" | "delivered" | "exhausted" | "disabled";
  attempt_count: number;
  attempts: { at: string; status: number | null; error: string | null }[];
  next_attempt_at: string | null;
  disabled_reason: Fault | null;
}

export interface Transcription {
  id: string;
  status: Status;
  created_at: string;
  times: Partial<Record<Status, string>>;
  /** 0 to 1. */
  progress: number;
  file_name: string | null;
  channels: "mix" | "split";
  alternatives: number;
  batch_id: string | null;
  error: Fault | null;
  model: { name: string; version: string; device: string } | null;
  audio: { duration: number; sample_rate: number; channels: number; codec: string } | null;
  webhook: Webhook | null;
  upload?: Upload | UploadInParts;
}

export interface Batch {
  id: string;
  status: "listing" | "processing" | "completed" | "canceling" | "canceled" | "failed";
  created_at: string;
  name: string | null;
  counts: Record<string, number>;
  audio_seconds: number;
  progress: number;
  eta_seconds: number | null;
  error: Fault | null;
  webhook: Webhook | null;
}

export interface BatchItem {
  source: string;
  id: string | null;
  status: Status | "skipped" | "left_out";
  duration: number | null;
  error: Fault | null;
}

export interface Page<Item> {
  data: Item[];
  next: string | null;
}

export interface Word {
  word: string;
  start: number;
  end: number;
  confidence: number | null;
  /** As it is written; empty where it was merged into the word before. */
  display?: string;
}

export interface Segment {
  id: number;
  start: number;
  end: number;
  text: string;
  confidence: number | null;
  /** From 0. */
  channel?: number;
  words: Word[];
  alternatives?: { text: string; confidence: number | null }[];
}

export interface Transcript {
  id: string;
  model: { name: string; version: string; device: string };
  duration: number;
  language: string;
  text: string;
  confidence: number | null;
  segments: Segment[];
  audio: { duration: number; sample_rate: number; channels: number; codec: string; peaks?: number[] };
  timing: { queued_ms: number; decode_ms: number; infer_ms: number; rtf: number };
  warnings?: { code: string; message: string; at: number }[];
}

export interface DownloadLink {
  download_url: string;
  expires_at: string;
}

export interface Usage {
  from: string;
  to: string;
  data: {
    day: string;
    key_id: string;
    recordings: number;
    completed: number;
    failed: number;
    canceled: number;
    audio_seconds: number;
  }[];
}

export interface Key {
  id: string;
  hint: string;
  owner: string;
  name: string;
  created_at: string;
  revoked_at: string | null;
}
