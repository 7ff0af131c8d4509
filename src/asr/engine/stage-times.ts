/** Milliseconds of thread time by stage. frontend, encoder and rescoring are time inside onnxruntime. */
export interface StageTimes {
  decode: number;
  segment: number;
  frontend: number;
  encoder: number;
  beam: number;
  rescoring: number;
  align: number;
  /** Labels of the words: marks and capitals. */
  punctuation: number;
}

/** Adds up the time of each stage over threads and batches. */
export class StageTimer {
  readonly #times: StageTimes = {
    decode: 0,
    segment: 0,
    frontend: 0,
    encoder: 0,
    beam: 0,
    rescoring: 0,
    align: 0,
    punctuation: 0,
  };

  add(times: Partial<StageTimes>): void {
    for (const [stage, ms] of Object.entries(times)) this.#times[stage as keyof StageTimes] += ms;
  }

  read(): StageTimes {
    return { ...this.#times };
  }
}
