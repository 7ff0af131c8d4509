import { Store } from "../store.ts";

export type Recording = { state: "idle" } | { state: "recording"; since: number } | { state: "refused" };

/** The microphone, from its start to a file. */
export class Recorder {
  readonly status = new Store<Recording>({ state: "idle" });
  readonly #onFile: (file: File) => void;
  #recorder: MediaRecorder | null = null;

  constructor(onFile: (file: File) => void) {
    this.#onFile = onFile;
  }

  static readonly available = typeof MediaRecorder === "function" && !!navigator.mediaDevices;

  async start(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream);
      const pieces: Blob[] = [];
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      recorder.onstop = () => {
        for (const track of stream.getTracks()) track.stop();
        this.status.set({ state: "idle" });
        const type = recorder.mimeType.split(";")[0] || "audio/webm";
        this.#onFile(new File(pieces, fileName(type), { type }));
      };
      recorder.start();
      this.#recorder = recorder;
      this.status.set({ state: "recording", since: Date.now() });
    } catch {
      this.status.set({ state: "refused" });
    }
  }

  stop(): void {
    this.#recorder?.stop();
    this.#recorder = null;
  }
}

function fileName(type: string): string {
  const now = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", "-");
  return `recording ${now}.${type.split("/")[1] ?? "webm"}`;
}
