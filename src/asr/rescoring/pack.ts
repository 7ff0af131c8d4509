/** The decoder's inputs for an n-best list: every hypothesis behind sos, padded with eos. */

export interface PackedHypotheses {
  hyps: BigInt64Array; // [N, L]
  /** Tokens and the sos before them. */
  lens: Int32Array; // [N]
}

/**
 * Rows beyond the n-best hold the empty hypothesis, so that no row has length 0. `into` takes the place of new
 * buffers: hand it the part of a batch that belongs to this utterance.
 */
export function packHypotheses(
  nbest: readonly { readonly tokens: Int32Array }[],
  rows: number,
  width: number,
  sosId: number,
  eosId: number,
  into?: PackedHypotheses,
): PackedHypotheses {
  const { hyps, lens } = into ?? {
    hyps: new BigInt64Array(rows * width), // [N, L]
    lens: new Int32Array(rows), // [N]
  };
  if (nbest.length > rows) throw new RangeError(`${nbest.length} hypotheses do not fit into ${rows} rows`);
  hyps.fill(BigInt(eosId), 0, rows * width);
  lens.fill(1, 0, rows);
  for (const [row, { tokens }] of nbest.entries()) {
    if (tokens.length >= width)
      throw new RangeError(`${tokens.length} tokens and sos do not fit into ${width}`);
    tokens.forEach((token, j) => {
      hyps[row * width + 1 + j] = BigInt(token);
    });
    lens[row] = tokens.length + 1;
  }
  for (let row = 0; row < rows; row++) hyps[row * width] = BigInt(sosId);
  return { hyps, lens };
}

/** The width L an n-best list needs: its longest hypothesis and sos. */
export function packedWidth(nbest: readonly { readonly tokens: Int32Array }[]): number {
  return nbest.reduce((longest, { tokens }) => Math.max(longest, tokens.length), 0) + 1;
}
