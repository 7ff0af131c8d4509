/** A worker thread that decodes short recordings: what they do to a decoder, it does here. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { type ClipJob, decodeWhole } from "./whole-clip.ts";

export interface ClipRequest extends ClipJob {
  /** Absolute. */
  path: string;
  /** Bytes that the file had when it was looked at. */
  size: number;
}

/** Channels at 16 kHz and the hex SHA-256 of the file's bytes; null where ffmpeg is to have a look. */
export type ClipAnswer = { channels: Float32Array[]; sha256: string } | null;

// Decoders complain there of what they meet, which nobody should read: it is ffmpeg's to judge.
console.error = () => {};

const port = parentPort;
if (port === null) throw new Error("this module runs in a worker thread only");
port.on("message", async (request: ClipRequest) => {
  const answer = await answerTo(request).catch(() => null);
  const buffers = answer?.channels.map(({ buffer }) => buffer as ArrayBuffer) ?? [];
  port.postMessage(answer, buffers);
});

async function answerTo(request: ClipRequest): Promise<ClipAnswer> {
  const file = readFileSync(request.path);
  // Grown or shrunk since: it is still being written.
  if (file.length !== request.size) return null;
  const channels = await decodeWhole(file, request);
  return { channels, sha256: createHash("sha256").update(file).digest("hex") };
}
