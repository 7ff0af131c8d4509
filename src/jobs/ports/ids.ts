/** Fresh identifiers and secrets. `tr`: transcription, `ba`: batch, `ev`: event, `ke`: key. */
export interface Ids {
  /** `prefix_` and 32 hexadecimal digits. */
  create(prefix: IdPrefix): string;
  /** Bytes that nobody can guess. */
  secretBytes(length: number): Uint8Array;
}

export type IdPrefix = "tr" | "ba" | "ev" | "ke";
