/**
 * The errors of speech recognition. Each has a stable machine `code`, a sentence for people, and where
 * there is one, a remedy. Codes of recordings and of model packs are part of the public contract.
 */

/** What can be wrong with a recording. The same codes appear in the API and in `--json-lines` output. */
export type RecordingErrorCode =
  | "unsupported_media"
  | "no_audio"
  | "too_short"
  | "too_long"
  | "too_large"
  | "corrupt_media"
  | "not_found";

/** What can be wrong with a model pack. */
export type PackErrorCode =
  | "pack_not_found"
  | "pack_file_missing"
  | "pack_file_changed"
  | "pack_invalid"
  | "pack_version_unknown"
  | "pack_tensors_mismatch";

/** What can be wrong with the machine or the call. */
export type EngineErrorCode =
  | "ffmpeg_missing"
  | "device_unavailable"
  | "invalid_option"
  | "engine_closed"
  | "engine_failed";

/** Base class of every error this library throws on purpose. */
export class AsrError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The recording cannot be transcribed. Retrying will not help. */
export class RecordingError extends AsrError {
  declare readonly code: RecordingErrorCode;
  constructor(code: RecordingErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** The model pack cannot be used; the message names the file, tensor or field. */
export class PackError extends AsrError {
  declare readonly code: PackErrorCode;
  constructor(code: PackErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** The machine lacks something, or an option makes no sense. */
export class EngineError extends AsrError {
  declare readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
