import { execFile } from "node:child_process";
import { promisify } from "node:util";

export const RATE = 16_000;
const MOST_BYTES = 1e9;
const INPUT = ["-nostdin", "-v", "error", "-y", "-i"];

/** 16-bit samples at 16 kHz of a recording of any format. Needs ffmpeg. */
export async function decode(path: string): Promise<Int16Array> {
  const raw = ["-f", "s16le", "-ac", "1", "-ar", String(RATE), "-"];
  const { stdout } = await promisify(execFile)("ffmpeg", [...INPUT, path, ...raw], {
    encoding: "buffer",
    maxBuffer: MOST_BYTES,
  });
  return new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.length & ~1)));
}

/** A recording in another form, by ffmpeg's options for its output. */
export async function convert(path: string, options: readonly string[], output: string): Promise<void> {
  await promisify(execFile)("ffmpeg", [...INPUT, path, ...options, output]);
}
