import type { BitReader } from "./bit-reader.ts";
import { expectUsual } from "./unusual.ts";

/** Above this many bits, sums of products may not fit into 32 and are made in floating point, which is exact to 53. */
const SAFE_BITS = 32;

/**
 * One channel of a FLAC frame (RFC 9639, 9.2) into `out`.
 * @param width bits of a sample. @param end of the file, in bits.
 */
export function readSubframe(bits: BitReader, out: Int32Array, width: number, end: number): void {
  expectUsual(bits.unsigned(1) === 0, "a reserved bit");
  const type = bits.unsigned(6);
  const wasted = bits.unsigned(1) === 1 ? bits.unary(end) + 1 : 0;
  const narrowed = width - wasted;
  expectUsual(narrowed > 0, "samples without bits");
  if (type === 0) out.fill(bits.signed(narrowed));
  else if (type === 1) for (let i = 0; i < out.length; i++) out[i] = bits.signed(narrowed);
  else if (type >= 8 && type <= 12) fixed(bits, out, type - 8, narrowed, end);
  else if (type >= 32) linear(bits, out, type - 31, narrowed, end);
  else expectUsual(false, "a reserved kind of subframe");
  expectUsual(bits.position <= end, "a frame that is cut off");
  if (wasted > 0) for (let i = 0; i < out.length; i++) out[i]! <<= wasted;
}

/** Polynomials through the last samples (RFC 9639, 9.2.5). Residuals are in `out` already. */
function fixed(bits: BitReader, out: Int32Array, order: number, width: number, end: number): void {
  warmUp(bits, out, order, width);
  residual(bits, out, order, end);
  const n = out.length;
  if (order === 1) for (let i = 1; i < n; i++) out[i]! += out[i - 1]!;
  if (order === 2) for (let i = 2; i < n; i++) out[i]! += 2 * out[i - 1]! - out[i - 2]!;
  if (order === 3) for (let i = 3; i < n; i++) out[i]! += 3 * (out[i - 1]! - out[i - 2]!) + out[i - 3]!;
  if (order === 4) {
    for (let i = 4; i < n; i++) out[i]! += 4 * (out[i - 1]! + out[i - 3]!) - 6 * out[i - 2]! - out[i - 4]!;
  }
}

/** Linear prediction (RFC 9639, 9.2.6). */
function linear(bits: BitReader, out: Int32Array, order: number, width: number, end: number): void {
  warmUp(bits, out, order, width);
  const precision = bits.unsigned(4) + 1;
  const shift = bits.signed(5);
  expectUsual(precision < 16 && shift >= 0, "coefficients that are none");
  // The last sample's first becomes the last, so that both run forwards.
  const coefficients = new Int32Array(order);
  for (let i = order - 1; i >= 0; i--) coefficients[i] = bits.signed(precision);
  residual(bits, out, order, end);
  if (width + precision + Math.ceil(Math.log2(order)) <= SAFE_BITS) predict(out, coefficients, shift);
  else predictExactly(out, Float64Array.from(coefficients), shift);
}

function predict(out: Int32Array, coefficients: Int32Array, shift: number): void {
  const order = coefficients.length;
  for (let i = order; i < out.length; i++) {
    let sum = 0;
    for (let j = 0, at = i - order; j < order; j++, at++)
      sum = (sum + Math.imul(coefficients[j]!, out[at]!)) | 0;
    out[i] = out[i]! + (sum >> shift);
  }
}

function predictExactly(out: Int32Array, coefficients: Float64Array, shift: number): void {
  const order = coefficients.length;
  const divisor = 2 ** shift;
  for (let i = order; i < out.length; i++) {
    let sum = 0;
    for (let j = 0, at = i - order; j < order; j++, at++) sum += coefficients[j]! * out[at]!;
    out[i] = out[i]! + Math.floor(sum / divisor);
  }
}

function warmUp(bits: BitReader, out: Int32Array, order: number, width: number): void {
  expectUsual(order <= out.length, "a frame shorter than its predictor");
  for (let i = 0; i < order; i++) out[i] = bits.signed(width);
}

/** Rice-coded residuals in partitions (RFC 9639, 9.2.7), from `order` on. */
function residual(bits: BitReader, out: Int32Array, order: number, end: number): void {
  const method = bits.unsigned(2);
  expectUsual(method <= 1, "a reserved coding");
  const parameterBits = method === 0 ? 4 : 5;
  const raw = 2 ** parameterBits - 1;
  const partitions = 1 << bits.unsigned(4);
  const size = out.length / partitions;
  expectUsual(Number.isInteger(size) && size >= order, "partitions that do not fit");
  for (let from = order, to = size; to <= out.length; from = to, to += size) {
    const parameter = bits.unsigned(parameterBits);
    if (parameter < raw) bits.rice(out, from, to, parameter, end);
    else {
      const width = bits.unsigned(5);
      for (let i = from; i < to; i++) out[i] = bits.signed(width);
    }
    expectUsual(bits.position <= end, "a frame that is cut off");
  }
}
