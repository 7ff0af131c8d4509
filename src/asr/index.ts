/** Speech to text: the public face of this library. */
export type { AudioFacts, AudioLimits, AudioSource, AudioWarning } from "./audio/types.ts";
export type { Hotword } from "./beam/hotwords.ts";
export type { EngineOptions, Fallback, Precision } from "./engine/engine-options.ts";
export type { StageTimes } from "./engine/stage-times.ts";
export * from "./errors.ts";
export { DEVICE_CHOICES, type Device, type DeviceChoice } from "./inference/devices.ts";
export type { Progress, TranscribeOptions } from "./options.ts";
export { loadPack, type ModelPack } from "./pack/load-pack.ts";
export type { ReadableWord } from "./readable/readable-text.ts";
export type { Replacement } from "./readable/replace.ts";
export type { ReadableOptions } from "./readable/style.ts";
export type { Alternative, RecognisedSegment } from "./recognised.ts";
export type { SegmentationOptions } from "./segments/options.ts";
export {
  collect,
  DEFAULT_LIMITS,
  type ModelFacts,
  Transcriber,
  type TranscriberOptions,
} from "./transcriber.ts";
export { type Timing, Transcription, type TranscriptionWarning } from "./transcription.ts";
export { type Written, writeNumbers } from "./written/write-numbers.ts";
