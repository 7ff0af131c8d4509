import { joinFloats } from "../../bench/wav.ts";
import { openAudio } from "../../src/asr/audio/open-audio.ts";
import type {
  AudioFacts,
  AudioLimits,
  AudioSource,
  AudioWarning,
  OpenAudioOptions,
} from "../../src/asr/audio/types.ts";

/** Limits under which every ordinary recording may be read. */
export const LIMITS: AudioLimits = { maxBytes: 2 ** 31, maxSeconds: 36_000, minSeconds: 0.085 };

/** A recording read to its end. */
export interface ReadAudio {
  channels: Float32Array[];
  facts: AudioFacts;
  warnings: readonly AudioWarning[];
  declaredDuration: number | null;
  largestChunk: number;
}

/** Open, read to the end, join the chunks of each channel, close. */
export async function readAudio(
  source: AudioSource,
  options: Partial<OpenAudioOptions> = {},
): Promise<ReadAudio> {
  const reader = await openAudio(source, { channels: "mix", limits: LIMITS, ...options });
  try {
    const chunks = await Array.fromAsync(reader.chunks(), (chunk) => chunk.map((samples) => samples.slice()));
    const channels = Array.from({ length: reader.outputChannels }, (_, channel) =>
      joinFloats(chunks.map((chunk) => chunk[channel]!)),
    );
    return {
      channels,
      facts: reader.facts(),
      warnings: reader.warnings(),
      declaredDuration: reader.declaredDuration,
      largestChunk: Math.max(0, ...chunks.map((chunk) => chunk[0]!.length)),
    };
  } finally {
    await reader.close();
  }
}
