/** Bytes `from` to `to`, both inclusive, of something. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * What a Range header asks of `size` bytes (RFC 9110, 14.2). Null: all of it, as for headers that are no single range of
 * bytes. "unsatisfiable": none of it is there.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec((header ?? "").replaceAll(" ", ""));
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [first, last] = [match[1], match[2]].map((digits) => (digits === "" ? null : Number(digits)));
  if (first !== null && last !== null && last < first) return null;
  const from = first ?? Math.max(0, size - last!);
  const to = first === null || last === null ? size - 1 : Math.min(last, size - 1);
  return from > to ? "unsatisfiable" : { from, to };
}
