import { readFileSync } from "node:fs";

/** A second or two of speech, which comes with the model; its beginning is a header of 44 bytes. */
const SPEECH = new URL("../../models/u2pp-moe-en-41m/golden/8-slt.wav", import.meta.url);
const HEADER_BYTES = 44;
const BYTES_PER_HOUR = 16_000 * 2 * 3600;

export function shortRecording(): Blob {
  return new Blob([readFileSync(SPEECH)]);
}

/** The same over and over. It takes no more memory than the short one. */
export function longRecording(hours: number): Blob {
  const bytes = readFileSync(SPEECH);
  const samples = new Blob([bytes.subarray(HEADER_BYTES)]);
  const times = Math.ceil((hours * BYTES_PER_HOUR) / samples.size);
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES));
  header.writeUInt32LE(HEADER_BYTES - 8 + times * samples.size, 4);
  header.writeUInt32LE(times * samples.size, 40);
  return new Blob([header, ...Array<Blob>(times).fill(samples)]);
}
