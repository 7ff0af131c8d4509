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
  | "pack_tensors_mismatch"
  /** An export of another toolkit of a kind that this engine does not run. */
  | "pack_unsupported";

/** What can be wrong with the machine or the call. */
export type EngineErrorCode =
  | "ffmpeg_missing"
  | "device_unavailable"
  | "invalid_option"
  | "engine_closed"
  /** This one recording could not be done; the next one may be. */
  | "engine_failed"
  /** A thread of the engine has died: nothing can be done with it any more. */
  | "engine_stopped";

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

/** An error as it crosses a thread, where classes do not survive. */
export interface WireError {
  kind: "recording" | "pack" | "engine" | "other";
  code: string;
  message: string;
}

export function toWireError(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RecordingError) return { kind: "recording", code: error.code, message };
  if (error instanceof PackError) return { kind: "pack", code: error.code, message };
  if (error instanceof EngineError) return { kind: "engine", code: error.code, message };
  return { kind: "other", code: "engine_failed", message };
}

export function fromWireError(wire: WireError): AsrError {
  if (wire.kind === "recording") return new RecordingError(wire.code as RecordingErrorCode, wire.message);
  if (wire.kind === "pack") return new PackError(wire.code as PackErrorCode, wire.message);
  return new EngineError(wire.code as EngineErrorCode, wire.message);
}
