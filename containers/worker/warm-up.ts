import { Readable } from "node:stream";
import { collect, type Transcriber } from "../../src/asr/index.ts";

const RATE = 16_000;
const HEADER_BYTES = 44;

/**
 * Transcribe two seconds of a hum with noise in it, so that graphs, kernels and threads are there when the first
 * recording comes. Returns how long it took, in seconds.
 */
export async function warmUp(transcriber: Transcriber): Promise<number> {
  const begin = performance.now();
  // The detector is to take it for speech; what is recognised is of no interest.
  const segmentation = { aggressiveness: 0 as const, minSpeechSeconds: 0 };
  await collect(transcriber.transcribe(Readable.from([hum(2 * RATE)]), { segmentation }));
  return (performance.now() - begin) / 1000;
}

/** A WAV file of 16 bits: harmonics of 120 Hz, loud and soft four times a second, and noise. */
function hum(samples: number): Buffer {
  const wav = Buffer.alloc(HEADER_BYTES + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    let value = (Math.random() - 0.5) * 0.02;
    for (let harmonic = 1; harmonic <= 20; harmonic++)
      value += Math.sin((2 * Math.PI * 120 * harmonic * i) / RATE) / (10 * harmonic);
    const loudness = 0.55 + 0.45 * Math.sin((2 * Math.PI * 4 * i) / RATE);
    wav.writeInt16LE(Math.round(20_000 * Math.max(-1, Math.min(1, value * loudness))), HEADER_BYTES + i * 2);
  }
  return wav;
}
