import type { Hypothesis } from "../beam/prefix-beam.ts";
import { type Ranked, rescore } from "../rescoring/rescore.ts";
import { chooseBest } from "./best-index.ts";
import type { EncodedBatch } from "./encode.ts";
import { scoreBatch } from "./score.ts";
import type { Sessions } from "./sessions.ts";

/** One utterance's part in rescoring. */
export interface RankRequest {
  hypotheses: readonly Hypothesis[];
  /** Without effect where the decoder has its weights baked in. */
  ctcWeight: number;
  reverseWeight: number;
}

/** Put the n-best of every utterance of a batch in its final order, best first. Returns that and the decoder's time, in ms. */
export async function rankBatch(
  sessions: Sessions,
  batch: EncodedBatch,
  requests: readonly RankRequest[],
  ids: { sosId: number; eosId: number },
): Promise<{ rankings: Ranked[][]; decoderMs: number }> {
  const nbests = requests.map(({ hypotheses }) => hypotheses);
  if (sessions.places !== null) return chooseBest(sessions, sessions.places, batch, nbests, ids);
  const { scores, decoderMs } = await scoreBatch(sessions, batch, nbests, ids);
  const rankings = requests.map((request, index) =>
    rescore({ nbest: request.hypotheses, ...scores[index] }, request),
  );
  return { rankings, decoderMs };
}
