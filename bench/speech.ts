import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { seededRandom, shuffle } from "./random.ts";
import { joinSamples, wavHeader } from "./wav.ts";

const UTTERANCES = fileURLToPath(new URL("../test/fixtures/utterances", import.meta.url));
const HEADER_BYTES = 44;
const RATE = 16_000;
/** Longest stretch that is not said again in a longer recording: an hour is 115 MB. */
const MOST_SECONDS = 3600;

/** The fixtures' synthetic utterances, 16 kHz mono. */
export async function readUtterances(): Promise<Int16Array[]> {
  const names = (await readdir(UTTERANCES)).sort();
  return Promise.all(names.map((name) => readSamples(join(UTTERANCES, name))));
}

/**
 * Utterances in a random order, each once before any comes again, with pauses of 0.1 to 0.8 s of faint noise (-80 dBFS):
 * digital silence would always be a border, and every segment a single utterance.
 */
export function makeSpeech(utterances: readonly Int16Array[], seconds: number, seed: number): Int16Array {
  const random = seededRandom(seed);
  const parts: Int16Array[] = [];
  const wanted = Math.round(seconds * RATE);
  let length = 0;
  let order: Int16Array[] = [];
  while (length < wanted) {
    if (order.length === 0) order = shuffle(utterances, random);
    for (const part of [order.pop()!, pause(0.1 + 0.7 * random(), random)]) {
      parts.push(part);
      length += part.length;
    }
  }
  return joinSamples(parts).slice(0, wanted);
}

function pause(seconds: number, random: () => number): Int16Array {
  return Int16Array.from({ length: Math.round(RATE * seconds) }, () => Math.round(6 * random() - 3));
}

/** A WAV of such speech; beyond an hour the first hour comes again. */
export async function writeSpeech(path: string, seconds: number, seed: number): Promise<void> {
  const speech = makeSpeech(await readUtterances(), Math.min(seconds, MOST_SECONDS), seed);
  await writeLongWav(path, seconds, speech);
}

/** `speech` over and over. Streamed: ten hours are 1.2 GB. */
export async function writeLongWav(path: string, seconds: number, speech: Int16Array): Promise<void> {
  const samples = Math.round(seconds * RATE);
  const stream = createWriteStream(path);
  stream.write(wavHeader(samples));
  const block = Buffer.from(speech.buffer, speech.byteOffset, speech.byteLength);
  for (let left = samples * 2; left > 0; left -= block.length) {
    if (!stream.write(block.subarray(0, left))) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
}

/** Of a 16 kHz mono PCM16 WAV without other chunks. */
export async function readSamples(wav: string): Promise<Int16Array> {
  const bytes = await readFile(wav);
  const start = bytes.byteOffset + HEADER_BYTES;
  return new Int16Array(bytes.buffer.slice(start, bytes.byteOffset + (bytes.length & ~1)));
}
