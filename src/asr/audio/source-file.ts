import { access, constants, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { EngineError, RecordingError } from "../errors.ts";
import { tooLarge } from "./refusals.ts";
import { spool } from "./spool.ts";
import type { AudioSource, OpenAudioOptions } from "./types.ts";

/** A recording as a regular, readable, non-empty file within the limit of bytes. */
export interface SourceFile {
  /** Absolute. */
  path: string;
  size: number;
  /** How sentences call it: its base name, or "The recording" when it came without one. */
  label: string;
  /** Known when it was spooled. */
  sha256: string | null;
  /** Removes the temporary file, if there is one. */
  dispose(): Promise<void>;
}

/**
 * Find the file, or spool the stream or bytes to one. Throws not_found (nothing there, or no permission to
 * read it), unsupported_media (a folder or a device), too_large, and no_audio (0 bytes).
 */
export async function locate(source: AudioSource, options: OpenAudioOptions): Promise<SourceFile> {
  const file = typeof source === "string" ? await atPath(source) : await spooled(source, options);
  if (file.size === 0) {
    await file.dispose();
    throw new RecordingError("no_audio", "The file is empty (0 bytes).");
  }
  if (file.size > options.limits.maxBytes) throw tooLarge(options.limits.maxBytes);
  return file;
}

async function spooled(
  source: Uint8Array | NodeJS.ReadableStream,
  { limits, temporaryFolder, signal }: OpenAudioOptions,
): Promise<SourceFile> {
  const file = await spool(source, { maxBytes: limits.maxBytes, folder: temporaryFolder, signal });
  return { ...file, label: "The recording", dispose: file.remove };
}

async function atPath(source: string): Promise<SourceFile> {
  const label = displayName(source);
  // Only a look: opening a pipe or a device here could wait forever.
  const info = await stat(source).catch((error) => refuse(error, label));
  if (!info.isFile()) {
    const what = info.isDirectory() ? "is a folder, not a recording." : "is not a regular file.";
    throw new RecordingError("unsupported_media", `${label} ${what}`);
  }
  await access(source, constants.R_OK).catch((error) => refuse(error, label));
  return { path: resolve(source), size: info.size, label, sha256: null, dispose: async () => {} };
}

/** What to say of a path that cannot be looked at. */
export function refuse(error: NodeJS.ErrnoException, label: string): never {
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      throw new RecordingError("not_found", `There is no permission to read ${label}.`, { cause: error });
    case "ENOENT":
    case "ENOTDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      throw new RecordingError("not_found", `There is no file ${label}.`, { cause: error });
    default:
      // A disk or network trouble is not the recording's fault, so it may be tried again.
      throw new EngineError("engine_failed", `${label} could not be read.`, { cause: error });
  }
}

/** The base name, made harmless for a line of a log. */
function displayName(path: string): string {
  const name = basename(path).replace(/\p{Cc}/gu, "?");
  return name.length > 80 ? `${name.slice(0, 79)}…` : name || path.slice(0, 80);
}
