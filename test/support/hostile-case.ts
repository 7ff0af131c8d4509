import type { AudioLimits, AudioWarning } from "../../src/asr/audio/types.ts";
import type { RecordingErrorCode } from "../../src/asr/errors.ts";

/** How a hostile file must end: refused with a code, or read with these warnings (none when absent). */
export type Outcome =
  | { code: RecordingErrorCode }
  | { ok: true; seconds: number; warnings?: readonly AudioWarning["code"][] };

/** A file made to break things, and what is documented to become of it. */
export interface HostileCase {
  name: string;
  /** Absolute path. */
  file: string;
  expect: Outcome;
  /** Limits to read it under, where the usual ones are not the point. */
  limits?: Partial<AudioLimits>;
  /** It points at the canary file or URL, neither of which may be touched. */
  lures?: true;
}

/** A case before it has a place: its bytes, or how to make them at a path. */
export interface HostileRecipe extends Omit<HostileCase, "file"> {
  make: Buffer | string | ((path: string) => Promise<void>);
}
