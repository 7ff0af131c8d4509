import { transcribeMessage } from "../messages.ts";
import type { Caller } from "../owner.ts";
import { type Services, timestamp } from "../services.ts";
import {
  amend,
  DEFAULT_OPTIONS,
  isTerminal,
  type Transcription,
  type TranscriptionOptions,
} from "../transcription.ts";
import { updateTranscription } from "../update.ts";
import { acceptUpload } from "../work/accept.ts";
import { checkLanguage } from "./check-language.ts";
import { newRecord } from "./create-transcription.ts";
import { eraseTranscription } from "./delete-transcription.ts";

export interface ReceivedRecording {
  fileName: string | null;
  content: AsyncIterable<Uint8Array>;
  /** How it is to be transcribed: asked for once the content has been read. */
  wanted(): Promise<WantedOfRecording>;
}

export interface WantedOfRecording {
  options: TranscriptionOptions;
  deleteAfterSeconds: number;
  /** Else it goes as soon as the transcription has ended. */
  keepAudio: boolean;
}

/**
 * Accept a recording that comes with its request. It is stored as it comes in, and is complete only when its record
 * knows all about it: whatever announces the object meets a record that is whole. Cut off in between it expires as any
 * upload that never came. Throws InvalidRequestError, and whatever `content` and `wanted` throw: then nothing is left.
 */
export async function receiveRecording(
  services: Services,
  caller: Caller,
  recording: ReceivedRecording,
): Promise<Transcription> {
  const { store, blobs, queues, clock, log } = services;
  const { fileName } = recording;
  const record = newRecord(services, caller, {
    fileName,
    contentType: null,
    source: null,
    webhookUrl: null,
    metadata: {},
    options: DEFAULT_OPTIONS,
    deleteAfterSeconds: null,
  });
  await store.createTranscription(record, { now: timestamp(clock) });
  log.info("transcription.created", { id: record.id, owner: record.owner, state: record.state });
  try {
    await blobs.put(record.source, completed(services, record.id, recording), { ifAbsent: true });
  } catch (error) {
    await eraseTranscription(services, record.id);
    throw error;
  }
  const queued = await acceptUpload(services, record);
  // Canceled or deleted while it came in: it must not outlive that.
  if (isTerminal(queued.state)) await eraseTranscription(services, record.id);
  await queues[record.queue].send(transcribeMessage(record.id), { owner: record.owner });
  return queued;
}

async function* completed(services: Services, id: string, { content, wanted }: ReceivedRecording) {
  yield* content;
  const { options, deleteAfterSeconds, keepAudio } = await wanted();
  checkLanguage(services, options.language);
  await updateTranscription(services.store, id, (record) =>
    amend(record, { options, deleteAfterSeconds, ...(!keepAudio && { dropAudio: true as const }) }),
  );
}
