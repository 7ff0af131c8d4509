import { SAMPLE_RATE } from "../audio/types.ts";
import { EngineError } from "../errors.ts";
import { checkSegmentation, frames, MIN_SAMPLES, type SegmentationOptions } from "./options.ts";
import { quietestCut } from "./quietest-cut.ts";
import { SampleRing } from "./sample-ring.ts";
import { DIGITAL_SILENCE_DB, FRAME, type SpeechDetector, VoiceActivity } from "./voice-activity.ts";

/** A stretch of a recording to be recognised on its own. */
export interface Segment {
  /** Index in the recording of the first sample, at 16 kHz. */
  start: number;
  /** Mono, 16 kHz, in [−1, 1]; a copy that the receiver owns. */
  samples: Float32Array;
}

/** Samples that are kept in one go, before their frames are looked at: half a second. */
const BLOCK = 25 * FRAME;
/** Frames of digital silence that part two segments, however long a pause may be bridged: 0.3 s. A noise gate mutes shorter ones. */
const SPLICE = 15;
/** Frames of digital silence in the padding of one side. */
const MOST_MUTED = 8;

/** Speech that has not been emitted yet. Frames are of 20 ms, counted from the start of the recording. */
interface Open {
  /** First sample, padding included. */
  start: number;
  /** First frame after the latest speech. */
  end: number;
  /** Frames of speech so far. */
  speech: number;
  /** Longest clean pause inside, from frame to frame; only joining leaves any. */
  pause: { from: number; to: number } | null;
  /** Part of speech that was too long: kept however short. */
  cut: boolean;
  /** Digital silence has followed, an edit and no pause of the speaker's: what comes next does not belong to it. */
  edited: boolean;
}

/**
 * Cuts one channel of a recording into segments of speech while it is being read. What comes out depends on the
 * samples only, not on how they were divided over calls. Memory is bounded by `maxSeconds`.
 *
 * A border is put, in this order of preference, in a pause of `minSilenceSeconds` (each side keeps its padding),
 * or, where speech runs on past `maxSeconds`, at the quietest place of the second half: there the two segments
 * abut exactly, so that no sample is lost or heard twice.
 */
export class Segmenter {
  readonly #detector: SpeechDetector;
  readonly #max: number; // samples
  readonly #pad: number; // samples
  readonly #target: number; // samples
  readonly #minSilence: number; // frames
  readonly #minSpeech: number; // frames
  readonly #join: number; // frames
  readonly #ring: SampleRing;
  readonly #speech: Uint8Array; // [frames kept], 1 where the detector heard speech
  readonly #levels: Float32Array; // [frames kept], dBFS
  readonly #rest = new Float32Array(FRAME);
  #restLength = 0;
  #frame = 0;
  /** Frames of digital silence up to now. */
  #muted = 0;
  #length = 0;
  #open: Open | null = null;
  /** Sample after the segment before. */
  #previousEnd = 0;
  #ready: Segment[] = [];
  #ended = false;

  /** A segmenter over WebRTC's voice activity detector. Options left out take their defaults. */
  static async create(options: Partial<SegmentationOptions> = {}): Promise<Segmenter> {
    const { aggressiveness } = checkSegmentation(options);
    return new Segmenter(await VoiceActivity.create(aggressiveness), options);
  }

  constructor(detector: SpeechDetector, options: Partial<SegmentationOptions> = {}) {
    const all = checkSegmentation(options);
    this.#detector = detector;
    this.#max = Math.floor(all.maxSeconds * SAMPLE_RATE);
    this.#pad = Math.round(all.padSeconds * SAMPLE_RATE);
    this.#target = Math.min(this.#max, Math.round(all.targetSeconds * SAMPLE_RATE));
    this.#minSilence = frames(all.minSilenceSeconds);
    this.#minSpeech = frames(all.minSpeechSeconds);
    this.#join = this.#target === 0 ? this.#minSilence : Math.max(this.#minSilence, frames(all.joinSeconds));
    // An open segment, the pause that will end it, and the frame being looked at.
    const kept = Math.ceil((this.#max + 2 * this.#pad + MIN_SAMPLES) / FRAME) + this.#join + 2;
    this.#ring = new SampleRing(kept * FRAME + BLOCK);
    this.#speech = new Uint8Array(kept);
    this.#levels = new Float32Array(kept);
  }

  /** Take in the next samples (mono, 16 kHz, any number); returns the segments they complete. */
  push(samples: Float32Array): Segment[] {
    if (this.#ended) throw new EngineError("engine_closed", "This recording has already ended.");
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(FRAME - this.#restLength, samples.length);
      this.#rest.set(samples.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength === FRAME) {
        this.#restLength = 0;
        this.#takeAll(this.#rest);
      }
    }
    const whole = samples.length - ((samples.length - at) % FRAME);
    for (; at < whole; at += BLOCK) this.#takeAll(samples.subarray(at, Math.min(at + BLOCK, whole)));
    if (whole < samples.length) {
      this.#rest.set(samples.subarray(whole));
      this.#restLength = samples.length - whole;
    }
    this.#length += samples.length;
    return this.#taken();
  }

  /** The recording has ended; returns the last segments. */
  flush(): Segment[] {
    if (this.#ended) return [];
    this.#ended = true;
    if (this.#restLength > 0) {
      this.#rest.fill(0, this.#restLength);
      this.#takeAll(this.#rest);
    }
    // No neighbour will follow: all that remains may serve as padding.
    if (this.#open) this.#close(this.#open, this.#length);
    return this.#taken();
  }

  /** Give back what the detector holds. Safe to call twice. */
  close(): void {
    this.#ended = true;
    this.#detector.free();
  }

  #taken(): Segment[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** Whole frames, at most a block of them. */
  #takeAll(samples: Float32Array): void {
    this.#ring.push(samples);
    for (let at = 0; at < samples.length; at += FRAME) this.#take(samples, at);
  }

  #take(samples: Float32Array, at: number): void {
    const frame = this.#frame;
    const slot = frame % this.#speech.length;
    const speech = this.#detector.process(samples, at);
    this.#speech[slot] = speech ? 1 : 0;
    this.#levels[slot] = this.#detector.level;
    this.#frame = frame + 1;
    this.#muted = this.#detector.level < DIGITAL_SILENCE_DB ? this.#muted + 1 : 0;
    if (speech) this.#hear(frame);
    else if (this.#open) this.#wait(this.#open, frame);
  }

  #wait(open: Open, frame: number): void {
    open.edited ||= this.#muted >= SPLICE;
    const pause = frame + 1 - open.end;
    if (this.#isOver(open, pause) && pause * FRAME >= 2 * this.#pad) this.#closeHalfway(open, frame + 1);
  }

  /** Whether what comes after so many frames of pause is another segment. */
  #isOver(open: Open, pause: number): boolean {
    return open.edited || pause >= this.#patience(open);
  }

  /** Frames of pause that end this segment. */
  #patience(open: Open): number {
    return open.end * FRAME + this.#pad - open.start < this.#target ? this.#join : this.#minSilence;
  }

  /** With its half of a pause that reaches up to `frame`. */
  #closeHalfway(open: Open, frame: number): void {
    this.#close(open, ((open.end + frame) / 2) * FRAME);
  }

  #hear(frame: number): void {
    let open = this.#open;
    if (open && this.#isOver(open, frame - open.end)) {
      this.#closeHalfway(open, frame);
      open = null;
    }
    if (open === null) {
      const start = this.#padded(frame, -1, this.#previousEnd);
      open = { start, end: frame, speech: 0, pause: null, cut: false, edited: false };
    }
    this.#extend(open, frame);
    while (this.#tooLong(open)) open = open.pause ? this.#split(open, open.pause) : this.#cut(open);
    this.#open = open;
  }

  #extend(open: Open, frame: number): void {
    const pause = frame - open.end;
    if (pause >= this.#minSilence && pause > (open.pause ? open.pause.to - open.pause.from : 0)) {
      open.pause = { from: open.end, to: frame };
    }
    open.end = frame + 1;
    open.speech += 1;
  }

  #tooLong(open: Open): boolean {
    const length = open.end * FRAME + this.#pad - open.start;
    return length > (open.pause ? this.#target : this.#max);
  }

  /** Undo joining at the longest pause; returns what comes after it. */
  #split(open: Open, pause: { from: number; to: number }): Open {
    const middle = ((pause.to + pause.from) * FRAME) / 2;
    const before = this.#between(open.start, Math.ceil(open.start / FRAME), pause.from, open.cut);
    this.#close(before, middle);
    return this.#between(this.#padded(pause.to, -1, middle), pause.to, open.end, false);
  }

  /** Cut running speech at its quietest place; returns what comes after, which begins where the other ends. */
  #cut(open: Open): Open {
    const first = Math.ceil((open.start + this.#max / 2) / FRAME);
    const last = Math.floor(Math.min(open.start + this.#max, open.end * FRAME - FRAME - MIN_SAMPLES) / FRAME);
    const level = (frame: number) => this.#levels[frame % this.#levels.length];
    const border = quietestCut(level, Math.ceil(open.start / FRAME), open.end, first, last);
    this.#emit(open.start, border * FRAME);
    return this.#between(border * FRAME, border, open.end, true);
  }

  /** What is open of the frames from `from` to `to`, found again after a border was put before them. */
  #between(start: number, from: number, to: number, cut: boolean): Open {
    let first = from;
    while (!this.#isSpeech(first)) first++;
    const open: Open = { start, end: first, speech: 0, pause: null, cut, edited: false };
    for (let frame = first; frame < to; frame++) if (this.#isSpeech(frame)) this.#extend(open, frame);
    return open;
  }

  #isSpeech(frame: number): boolean {
    return this.#speech[frame % this.#speech.length] === 1;
  }

  /**
   * Sample up to which padding reaches from the border before frame `border`, forwards (1) or backwards (−1), no further
   * than `limit`. Of digital silence it takes less: much of it beside a single word changes what the model hears.
   */
  #padded(border: number, way: 1 | -1, limit: number): number {
    const room = Math.min(this.#pad, way * (limit - border * FRAME));
    let reach = 0;
    let muted = 0;
    for (let frame = way > 0 ? border : border - 1; reach < room; frame += way) {
      if (this.#levels[frame % this.#levels.length] < DIGITAL_SILENCE_DB) muted += 1;
      if (muted > MOST_MUTED) break;
      reach += FRAME;
    }
    return border * FRAME + way * Math.min(reach, room);
  }

  /** Emit an open segment, padded no further than sample `limit`. */
  #close(open: Open, limit: number): void {
    this.#open = null;
    if (open.speech < this.#minSpeech && !open.cut) return;
    const end = Math.floor(
      Math.min(limit, Math.max(this.#padded(open.end, 1, limit), open.start + MIN_SAMPLES)),
    );
    const start = Math.max(this.#previousEnd, Math.min(open.start, end - MIN_SAMPLES));
    if (end - start < MIN_SAMPLES) return; // The recording itself is too short to be recognised.
    this.#emit(start, end);
  }

  #emit(start: number, end: number): void {
    this.#ready.push({ start, samples: this.#ring.slice(start, end) });
    this.#previousEnd = end;
  }
}
