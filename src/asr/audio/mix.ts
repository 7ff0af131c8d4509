import type { SampleStream } from "./sample-stream.ts";

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

/** The same stream with its channels mixed to one. */
export function mixed(stream: SampleStream, layout: string | null): SampleStream {
  if (stream.outputChannels === 1) return stream;
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    const weights = mixWeights(stream.outputChannels, layout);
    for await (const chunk of stream.chunks()) {
      const sum = (i: number) => weights.reduce((total, weight, c) => total + weight * chunk[c]![i]!, 0);
      yield [Float32Array.from({ length: chunk[0]!.length }, (_, i) => sum(i))];
    }
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
