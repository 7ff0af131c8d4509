import { type MpegFrame, mpegFrameAt } from "../mpeg-frame.ts";
import { xingDuration } from "../xing.ts";
import { expectUsual } from "./unusual.ts";

/** Where the frames of an mp3 file are, in bytes, and what is the same in all of them. */
export interface Mp3Frames {
  start: number;
  end: number;
  sampleRate: number;
  channels: number;
}

/** An ID3v1 tag; players read it from the end. */
const ID3V1_BYTES = 128;

/**
 * Walk the frames of an mp3 file from `start` on. Throws Unusual unless each begins where the one before ends, all are
 * of one kind, as many as a Xing or Info tag says, and nothing but tags is behind them.
 */
export function walkMp3(file: Uint8Array, start: number): Mp3Frames {
  const first = mpegFrameAt(file, start);
  expectUsual(first !== null, "no frame at its start");
  let at = start;
  let frames = 0;
  for (let frame: MpegFrame | null = first; frame !== null; frame = mpegFrameAt(file, at)) {
    const same = sameKind(file, start, at) && frame.sampleRate === first.sampleRate;
    expectUsual(same, "frames of different kinds");
    expectUsual(at + frame.bytes <= file.length, "a frame that is cut off");
    at += frame.bytes;
    frames++;
  }
  expectUsual(isTag(file, at), "something between its frames");
  const told = xingDuration(file.subarray(start));
  // The tag's own frame holds no sound.
  const lasts = ((frames - 1) * first.samples) / first.sampleRate;
  expectUsual(told === null || Math.abs(told - lasts) < 1e-6, "another number of frames than its tag says");
  return { start, end: at, sampleRate: first.sampleRate, channels: isMono(file, start) ? 1 : 2 };
}

/** Version, layer, and whether it is mono; the second byte's last bit tells of checksums. */
function sameKind(file: Uint8Array, one: number, other: number): boolean {
  return (file[one + 1]! | 1) === (file[other + 1]! | 1) && isMono(file, one) === isMono(file, other);
}

function isMono(file: Uint8Array, at: number): boolean {
  return file[at + 3]! >> 6 === 3;
}

/** The end of the file, or the tags that may stand there. */
function isTag(file: Uint8Array, at: number): boolean {
  const text = Buffer.from(file.subarray(at, at + 8)).toString("latin1");
  const left = file.length - at;
  return left === 0 || (left === ID3V1_BYTES && text.startsWith("TAG")) || text === "APETAGEX";
}
