export type StopReason =
  /** The worker has to go. */
  | "draining"
  /** The message is somebody else's by now. */
  | "message_lost"
  /** The transcription was canceled, deleted, or is somebody else's by now. */
  | "record_lost";

/** Why work was broken off. */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`The work was stopped: ${reason}.`);
    this.name = "Stopped";
    this.reason = reason;
  }
}
