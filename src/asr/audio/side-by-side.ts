import { type DecodeTrouble, noTrouble, type SampleStream } from "./sample-stream.ts";

/** The samples of one stream that have come and were not given out yet. */
interface Lane {
  chunks: AsyncGenerator<Float32Array[]>;
  chunk: Float32Array[];
  at: number;
  ended: boolean;
  channels: number;
}

/** Several streams as one, whose channels are theirs in order; silence where one ends before the others. */
export function sideBySide(streams: readonly SampleStream[]): SampleStream {
  const outputChannels = streams.reduce((sum, stream) => sum + stream.outputChannels, 0);
  const trouble = noTrouble();
  async function* chunks(): AsyncGenerator<Float32Array[]> {
    const lanes: Lane[] = streams.map((stream) => ({
      chunks: stream.chunks(),
      chunk: [],
      at: 0,
      ended: false,
      channels: stream.outputChannels,
    }));
    for (;;) {
      await Promise.all(lanes.map(fill));
      const running = lanes.filter((lane) => !lane.ended);
      if (running.length === 0) break;
      const length = Math.min(...running.map((lane) => lane.chunk[0]!.length - lane.at));
      yield lanes.flatMap((lane) => take(lane, length));
    }
    gather(streams, trouble);
  }
  const close = async () => {
    await Promise.all(streams.map((stream) => stream.close()));
  };
  return { outputChannels, chunks, trouble, close };
}

async function fill(lane: Lane): Promise<void> {
  while (!lane.ended && lane.at >= (lane.chunk[0]?.length ?? 0)) {
    const next = await lane.chunks.next();
    if (next.done) lane.ended = true;
    else [lane.chunk, lane.at] = [next.value, 0];
  }
}

function take(lane: Lane, length: number): Float32Array[] {
  if (lane.ended) return Array.from({ length: lane.channels }, () => new Float32Array(length));
  const taken = lane.chunk.map((samples) => samples.subarray(lane.at, lane.at + length));
  lane.at += length;
  return taken;
}

/** What went wrong in any of them; the places are those of the first that has any. */
function gather(streams: readonly SampleStream[], into: DecodeTrouble): void {
  for (const { trouble } of streams) {
    if (into.errorLines === 0) into.atSample = trouble.atSample;
    if (into.invalidSamples === 0) into.firstInvalid = trouble.firstInvalid;
    into.firstLine ||= trouble.firstLine;
    into.errorLines += trouble.errorLines;
    into.invalidSamples += trouble.invalidSamples;
    into.endedEarly ||= trouble.endedEarly;
    into.failed ||= trouble.failed;
  }
}
