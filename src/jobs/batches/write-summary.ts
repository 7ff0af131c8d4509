import type { Batch, BatchItemSkip } from "../batch.ts";
import { batchSummaryKey } from "../object-keys.ts";
import type { BlobRef } from "../ports/blob-store.ts";
import type { Page } from "../ports/job-store.ts";
import type { Services } from "../services.ts";
import type { Transcription, TranscriptionState } from "../transcription.ts";
import { type LeftOutLine, readLeftOut } from "./left-out.ts";
import { LEFT_OUT } from "./left-out-reasons.ts";

/** One line of the summary, as JSON. It can be handed in again as a JSONL manifest. */
interface SummaryLine {
  /** `bucket/key`. */
  source: string;
  /** Of its transcription; of the earlier one where it was skipped; null where it was left out. */
  id: string | null;
  status: TranscriptionState | "skipped" | "left_out";
  /** Seconds of audio. */
  duration: number | null;
  error: { code: string; message: string } | null;
}

const PAGE = 1000;

/** Write what became of each item, streamed page by page: a batch may have millions. The same again when repeated. */
export async function writeSummary(services: Services, batch: Batch): Promise<void> {
  const ref = { bucket: services.bucket, key: batchSummaryKey(batch.id) };
  await services.blobs.put(ref, summaryOf(services, batch), { contentType: "application/jsonl" });
}

async function* summaryOf(services: Services, { id, owner }: Batch): AsyncGenerator<Uint8Array> {
  const { store } = services;
  const encoder = new TextEncoder();
  const items = (after?: string) =>
    store.listTranscriptions({ owner, batchId: id, limit: PAGE, ...(after !== undefined && { after }) });
  for await (const page of pages(items)) yield encoder.encode(page.map(itemLine).join(""));
  const skips = (after?: string) => store.listBatchSkips(id, PAGE, after);
  for await (const page of pages(skips)) yield encoder.encode(page.map(skipLine).join(""));
  for await (const page of readLeftOut(services, id)) yield encoder.encode(page.map(leftOutLine).join(""));
}

async function* pages<Item>(read: (after?: string) => Promise<Page<Item>>): AsyncGenerator<Item[]> {
  let page = await read();
  yield page.items;
  while (page.next !== null) {
    page = await read(page.next);
    yield page.items;
  }
}

function itemLine({ source, id, state, audio, error }: Transcription): string {
  return toLine({ source: name(source), id, status: state, duration: audio?.duration ?? null, error });
}

function skipLine({ source, transcriptionId }: BatchItemSkip): string {
  return toLine({
    source: name(source),
    id: transcriptionId,
    status: "skipped",
    duration: null,
    error: null,
  });
}

function leftOutLine({ source, reason }: LeftOutLine): string {
  const error = { code: reason, message: LEFT_OUT[reason] };
  return toLine({ source, id: null, status: "left_out", duration: null, error });
}

function name({ bucket, key }: BlobRef): string {
  return `${bucket}/${key}`;
}

function toLine(line: SummaryLine): string {
  return `${JSON.stringify(line)}\n`;
}
