import { mpegFrameAt } from "./mpeg-frame.ts";

/**
 * The length in seconds that an mp3's Xing or Info tag tells, or null. Without one there is no telling:
 * ffprobe then guesses from the bit rate and the size, pictures in tags included. Read here because ffmpeg
 * drops the tag's word when the file is shorter than it says, which is just what truncation looks like.
 * @param start bytes from where the audio begins, at least one frame of them.
 */
export function xingDuration(start: Uint8Array): number | null {
  const frame = mpegFrameAt(start, 0);
  if (frame === null) return null;
  const tag = frame.tagOffset;
  if (tag + 12 > start.length) return null;
  const name = Buffer.from(start.buffer, start.byteOffset + tag, 4).toString("latin1");
  if (name !== "Xing" && name !== "Info") return null;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const hasFrames = (view.getUint32(tag + 4) & 1) === 1;
  const frames = hasFrames ? view.getUint32(tag + 8) : 0;
  return frames === 0 ? null : (frames * frame.samples) / frame.sampleRate;
}
