import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HealthWarning } from "../functions/api/environment.ts";
import { isMissing, storageError } from "../src/local/storage-errors.ts";

/** Where the service writes in its bucket; `.tmp` first of all. */
const WRITTEN = ["", ".tmp", "uploads", "results", "batches"];
const WELL_MS = 5000;
const TOOLS = ["ffmpeg", "ffprobe"];
/** What was missing may have been installed since. */
const LOOK_AGAIN_MS = 10_000;

const NO_FFMPEG: HealthWarning = {
  code: "ffmpeg_missing",
  message:
    "ffmpeg is not installed: only 16 kHz 16-bit PCM WAV can be transcribed. Install it (apt install ffmpeg, brew install ffmpeg).",
};

/** What of this machine keeps the service from doing all of its work. */
export class MachineHealth {
  readonly #bucketFolder: string;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #hasTools = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(bucketFolder: string) {
    this.#bucketFolder = bucketFolder;
  }

  /** Throws StorageReadOnlyError where results cannot be stored. */
  async check(): Promise<HealthWarning[]> {
    await this.#checkFolders();
    return (await this.#findTools()) ? [] : [NO_FFMPEG];
  }

  /** Anybody may ask, without a key: what was well a moment ago is not looked at again. */
  async #checkFolders(): Promise<void> {
    if (performance.now() - this.#writtenAt < WELL_MS) return;
    for (const folder of WRITTEN) await tryWriting(join(this.#bucketFolder, folder));
    this.#writtenAt = performance.now();
  }

  async #findTools(): Promise<boolean> {
    if (this.#hasTools || performance.now() - this.#lookedAt < LOOK_AGAIN_MS) return this.#hasTools;
    this.#lookedAt = performance.now();
    this.#hasTools = (await Promise.all(TOOLS.map(starts))).every(Boolean);
    return this.#hasTools;
  }
}

/** What a folder's mode says is not all: the file system may be read-only, or full. */
async function tryWriting(folder: string): Promise<void> {
  // Hidden names are no keys of objects.
  const probe = join(folder, `.health-${randomUUID()}`);
  try {
    await writeFile(probe, "");
    await unlink(probe);
  } catch (error) {
    // The folder is made when it is needed.
    if (!isMissing(error)) throw storageError(error);
  }
}

function starts(tool: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(tool, ["-version"], { timeout: 20_000 }, (error) => {
      // One that starts and fails at this is there all the same.
      resolve(error === null || typeof error.code === "number");
    });
  });
}
