export { type Problem, ScriptoriumError, type Transcription, TranscriptionEndedError } from "./errors.ts";
export type * from "./schema.d.ts";
export {
  type CreateTranscription,
  type Progress,
  Scriptorium,
  type ScriptoriumOptions,
  type Transcribed,
  type TranscribeOptions,
  type Transcript,
} from "./scriptorium.ts";
