import { PhaseMixer } from "./phase-mixer.ts";
import { MAX_CHUNK, type SampleStream } from "./sample-stream.ts";

/** ffmpeg's names of layouts → their channels in its order. Those that are not here count every channel alike. */
const LAYOUTS: Readonly<Record<string, string>> = {
  "2.1": "FL FR LFE",
  "3.0": "FL FR FC",
  "3.1": "FL FR FC LFE",
  "4.1": "FL FR FC LFE BC",
  "5.0": "FL FR FC BL BR",
  "5.0(side)": "FL FR FC SL SR",
  "5.1": "FL FR FC LFE BL BR",
  "5.1(side)": "FL FR FC LFE SL SR",
  "7.1": "FL FR FC LFE BL BR SL SR",
};

/** As ffmpeg folds to mono (ITU-R BS.775): voices are in the centre, nothing of use in the low-frequency effects. */
const SHARES: Readonly<Record<string, number>> = { FC: 1, FL: Math.SQRT1_2, FR: Math.SQRT1_2, LFE: 0 };
const SURROUND = 0.5;

/** What each channel counts in a mix; they sum to 1, so that equal channels do not clip. */
export function mixWeights(channels: number, layout: string | null): number[] {
  const names = LAYOUTS[layout ?? ""]?.split(" ") ?? [];
  if (names.length !== channels) return Array.from({ length: channels }, () => 1 / channels);
  const shares = names.map((name) => SHARES[name] ?? SURROUND);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/** The same stream with its channels mixed to one, which no voice gets lost in. */
export function mixed(stream: SampleStream, layout: string | null): SampleStream {
  if (stream.outputChannels === 1) return stream;
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    const mixer = new PhaseMixer(mixWeights(stream.outputChannels, layout));
    for await (const chunk of stream.chunks()) yield* pieces(mixer.push(chunk));
    yield* pieces(mixer.flush());
  }
  const { sha256 } = stream;
  return {
    outputChannels: 1,
    chunks,
    ...(sha256 && { sha256 }),
    trouble: stream.trouble,
    close: () => stream.close(),
  };
}

function* pieces(samples: Float32Array): Generator<Float32Array[]> {
  for (let at = 0; at < samples.length; at += MAX_CHUNK) yield [samples.subarray(at, at + MAX_CHUNK)];
}
