/** A worker thread that levels recordings and looks for speech in them: beside a card, more than one thread's work. */
import { ChannelSegmenter } from "../segments/channel-segmenter.ts";
import type { SegmentationOptions } from "../segments/options.ts";
import type { Segment } from "../segments/segmenter.ts";
import { type Reply, serveThread } from "./thread.ts";

export interface Found {
  segments: Segment[];
  ms: number;
}

/** `channel` is any number that is not open. */
export interface SegmentApi {
  open: { request: { channel: number; segmentation: SegmentationOptions }; response: undefined };
  push: { request: { channel: number; samples: Float32Array }; response: Found };
  flush: { request: { channel: number }; response: Found };
  close: { request: { channel: number }; response: undefined };
}

const channels = new Map<number, ChannelSegmenter>();

function timed(channel: number, work: (segmenter: ChannelSegmenter) => Segment[]): Reply<Found> {
  const segmenter = channels.get(channel);
  if (!segmenter) throw new Error(`channel ${channel} is not open`);
  const started = performance.now();
  const segments = work(segmenter);
  const transfer = segments.map(({ samples }) => samples.buffer as ArrayBuffer);
  return { value: { segments, ms: performance.now() - started }, transfer };
}

serveThread<SegmentApi>({
  async open({ channel, segmentation }) {
    channels.set(channel, await ChannelSegmenter.create(segmentation));
    return { value: undefined };
  },
  push: ({ channel, samples }) => timed(channel, (segmenter) => segmenter.push(samples)),
  flush: ({ channel }) => timed(channel, (segmenter) => segmenter.flush()),
  close({ channel }) {
    channels.get(channel)?.close();
    channels.delete(channel);
    return { value: undefined };
  },
});
