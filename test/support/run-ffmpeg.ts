import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Run ffmpeg, quietly and overwriting; throws with what it said when it fails. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  const common = ["-nostdin", "-hide_banner", "-v", "error", "-y", "-threads", "1"];
  await promisify(execFile)("ffmpeg", [...common, ...args], { maxBuffer: 1 << 26 });
}

/** What ffmpeg writes to stdout. */
export async function ffmpegOutput(...args: readonly string[]): Promise<Buffer> {
  const common = ["-nostdin", "-hide_banner", "-v", "error"];
  const options = { encoding: "buffer", maxBuffer: 1 << 28 } as const;
  return (await promisify(execFile)("ffmpeg", [...common, ...args], options)).stdout;
}
