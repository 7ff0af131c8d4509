/** What is counted and measured. Names without prefix; adapters add their own. */
export interface Metrics {
  /** Transcriptions that reached a state, by code where they failed. */
  transcriptionEnded(state: string, code?: string): void;
  /** Seconds of audio transcribed, seconds it took (decode + inference), seconds it waited in the queue. */
  transcribed(figures: { audioSeconds: number; processingSeconds: number; queuedSeconds: number }): void;
  /** `delivered`, `failed` (will be retried), `exhausted`, `disabled`, `refused`. */
  webhookAttempted(outcome: string): void;
  requestServed(figures: { method: string; route: string; status: number; seconds: number }): void;
}
