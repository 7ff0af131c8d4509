import type { HostileRecipe } from "./hostile-case.ts";
import { noise, randomBytes, tone } from "./tones.ts";
import { chunk, pcmWav, rifx, wavFile } from "./wav.ts";

/** WAV files that are cut off, that lie, or that are merely extreme. */
export function hostileWavs(): HostileRecipe[] {
  const threeSeconds = [tone(440, 3)];
  const whole = pcmWav(threeSeconds);
  const telephone = wavFile(randomBytes(24_000), 1, { tag: 7, bitsPerSample: 8, sampleRate: 8000 });
  const silence = new Float32Array(32_000);
  const nan = Buffer.from(tone(440, 2).buffer as ArrayBuffer);
  for (let at = 64_000; at < 65_000; at += 4)
    nan.writeFloatLE([Number.NaN, Infinity, -Infinity][at % 3]!, at);
  const wide = (channels: number, seconds: number) => randomBytes(channels * 2 * 16_000 * seconds);
  return [
    { name: "empty.wav", make: "", expect: { code: "no_audio" } },
    {
      name: "truncated.wav",
      make: whole.subarray(0, 64_044),
      expect: { ok: true, seconds: 2, warnings: ["truncated"] },
    },
    {
      name: "truncated-telephone.wav",
      make: telephone.subarray(0, 16_044),
      expect: { ok: true, seconds: 2, warnings: ["truncated"] },
    },
    {
      name: "claims-more.wav",
      make: pcmWav(threeSeconds, { claimedBytes: 0x7000_0000 }),
      expect: { ok: true, seconds: 3, warnings: ["truncated"] },
    },
    {
      name: "claims-less.wav",
      make: pcmWav(threeSeconds, { claimedBytes: 32_000 }),
      expect: { ok: true, seconds: 1, warnings: ["truncated"] },
    },
    {
      name: "claims-nothing.wav",
      make: pcmWav(threeSeconds, { claimedBytes: 0 }),
      expect: { ok: true, seconds: 3 },
    },
    {
      name: "claims-everything.wav",
      make: pcmWav(threeSeconds, { claimedBytes: 0xffff_ffff }),
      expect: { ok: true, seconds: 3 },
    },
    {
      name: "claims-what-a-pipe-leaves.wav",
      make: pcmWav(threeSeconds, { claimedBytes: 0x7fff_f000 }),
      expect: { ok: true, seconds: 3 },
    },
    { name: "joined.wav", make: Buffer.concat([whole, whole]), expect: { ok: true, seconds: 6 } },
    {
      name: "joined-and-truncated.wav",
      make: Buffer.concat([whole, whole.subarray(0, 32_044)]),
      expect: { ok: true, seconds: 4, warnings: ["truncated"] },
    },
    {
      name: "joined-to-another-rate.wav",
      make: Buffer.concat([whole, pcmWav(threeSeconds, { sampleRate: 8000 })]),
      expect: { ok: true, seconds: 3, warnings: ["truncated"] },
    },
    {
      name: "ten-thousand-joined-headers.wav",
      make: Buffer.concat([whole, ...Array.from({ length: 10_000 }, () => whole.subarray(0, 12))]),
      expect: { ok: true, seconds: 3 },
    },
    { name: "big-endian.wav", make: rifx(threeSeconds), expect: { ok: true, seconds: 3 } },
    {
      name: "big-endian-telephone.wav",
      make: rifx([tone(440, 3, 8000)], 8000).subarray(0, 32_044),
      expect: { ok: true, seconds: 2, warnings: ["truncated"] },
    },
    { name: "header-only.wav", make: pcmWav([new Float32Array(0)]), expect: { code: "too_short" } },
    { name: "cut-in-the-header.wav", make: whole.subarray(0, 30), expect: { code: "corrupt_media" } },
    {
      name: "hundred-thousand-empty-chunks.wav",
      make: Buffer.concat([whole.subarray(0, 12), Buffer.alloc(800_000)]),
      expect: { code: "corrupt_media" },
    },
    {
      name: "no-channels.wav",
      make: pcmWav(threeSeconds, { claimedChannels: 0 }),
      expect: { code: "corrupt_media" },
    },
    {
      name: "65535-channels.wav",
      make: pcmWav(threeSeconds, { claimedChannels: 65_535 }),
      expect: { code: "corrupt_media" },
    },
    { name: "64-channels.wav", make: wavFile(wide(64, 1), 64), expect: { code: "unsupported_media" } },
    {
      name: "unknown-codec.wav",
      make: wavFile(randomBytes(32_000), 1, { tag: 0x1234 }),
      expect: { code: "unsupported_media" },
    },
    { name: "ten-milliseconds.wav", make: pcmWav([tone(440, 0.01)]), expect: { code: "too_short" } },
    {
      name: "ten-milliseconds-48k.wav",
      make: pcmWav([tone(440, 0.01, 48_000)], { sampleRate: 48_000 }),
      expect: { code: "too_short" },
    },
    {
      name: "96k-8-channels.wav",
      make: wavFile(randomBytes(96_000 * 8 * 2), 8, { sampleRate: 96_000 }),
      expect: { ok: true, seconds: 1 },
    },
    { name: "twelve-channels.wav", make: wavFile(wide(12, 1), 12), expect: { ok: true, seconds: 1 } },
    { name: "silence.wav", make: pcmWav([silence]), expect: { ok: true, seconds: 2 } },
    { name: "full-scale-noise.wav", make: pcmWav([noise(32_000)]), expect: { ok: true, seconds: 2 } },
    {
      name: "nan-and-infinity.wav",
      make: wavFile(nan, 1, { tag: 3, bitsPerSample: 32 }),
      expect: { ok: true, seconds: 2, warnings: ["invalid_samples"] },
    },
    {
      name: "odd-chunks.wav",
      make: pcmWav(threeSeconds, {
        before: [
          ["JUNK", randomBytes(70_001)],
          ["LIST", Buffer.from("INFOISFT")],
        ],
        after: chunk("LIST", randomBytes(64_000)),
      }),
      expect: { ok: true, seconds: 3 },
    },
    { name: "over-the-seconds.wav", make: whole, limits: { maxSeconds: 2 }, expect: { code: "too_long" } },
    { name: "over-the-bytes.wav", make: whole, limits: { maxBytes: 96_000 }, expect: { code: "too_large" } },
  ];
}
