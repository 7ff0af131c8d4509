import type { Api } from "../api/client.ts";
import type { DownloadLink } from "../api/shapes.ts";
import { Store } from "../store.ts";
import { TEXT } from "../text.ts";

export interface PlayerState {
  playing: boolean;
  rate: number;
  /** Why there is nothing to hear. */
  fault: string | null;
  /** Where the recording can be saved, if it is there at all. */
  link: string | null;
}

export const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;
/** A link younger than this that does not play will not play anew. */
const FRESH_MS = 60_000;

/** The recording's sound. Its link ends after an hour: another one is asked for when it does. */
export class Player {
  readonly state = new Store<PlayerState>({ playing: false, rate: 1, fault: null, link: null });
  readonly #api: Api;
  readonly #id: string;
  readonly #audio = new Audio();
  readonly #hearers = new Set<(seconds: number) => void>();
  #linkedAt = 0;
  #closed = false;

  constructor(api: Api, id: string) {
    this.#api = api;
    this.#id = id;
    const audio = this.#audio;
    audio.preload = "metadata";
    audio.onplay = () => this.#playing(true);
    audio.onpause = () => this.#playing(false);
    audio.ontimeupdate = () => this.#tell();
    audio.onseeking = () => this.#tell();
    audio.onerror = () => this.#broken();
    this.#load(0, false);
  }

  get seconds(): number {
    return this.#audio.currentTime;
  }

  /** Called at every frame while it plays, and after every jump. */
  hear(hearer: (seconds: number) => void): () => void {
    this.#hearers.add(hearer);
    return () => void this.#hearers.delete(hearer);
  }

  toggle(): void {
    if (this.#audio.paused) this.play();
    else this.pause();
  }

  play(): void {
    // A browser may refuse before the first click; the button then still says "play".
    this.#audio.play().catch(() => {});
  }

  pause(): void {
    this.#audio.pause();
  }

  seek(seconds: number): void {
    const { duration } = this.#audio;
    this.#audio.currentTime = Math.max(0, Math.min(seconds, Number.isFinite(duration) ? duration : seconds));
    this.#tell();
  }

  setRate(rate: number): void {
    this.#audio.defaultPlaybackRate = rate;
    this.#audio.playbackRate = rate;
    this.state.change((state) => ({ ...state, rate }));
  }

  close(): void {
    this.#closed = true;
    this.#audio.onerror = null;
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
  }

  async #load(at: number, playing: boolean): Promise<void> {
    try {
      const headers = { accept: "application/json" };
      const link = await this.#api.get<DownloadLink>(`/v1/transcriptions/${this.#id}/audio`, { headers });
      if (this.#closed) return;
      this.#linkedAt = Date.now();
      this.#audio.src = link.download_url;
      if (at > 0) this.seek(at);
      if (playing) this.play();
      this.state.change((state) => ({ ...state, fault: null, link: link.download_url }));
    } catch (error) {
      this.state.change((state) => ({ ...state, fault: (error as Error).message, link: null }));
    }
  }

  #broken(): void {
    if (Date.now() - this.#linkedAt > FRESH_MS) this.#load(this.seconds, this.state.value.playing);
    else this.state.change((state) => ({ ...state, playing: false, fault: TEXT.player.unplayable }));
  }

  #playing(playing: boolean): void {
    this.state.change((state) => ({ ...state, playing }));
    if (playing) requestAnimationFrame(this.#frame);
  }

  #frame = () => {
    if (this.#audio.paused || this.#closed) return;
    this.#tell();
    requestAnimationFrame(this.#frame);
  };

  #tell(): void {
    for (const hearer of this.#hearers) hearer(this.#audio.currentTime);
  }
}
