import { Tensor } from "onnxruntime-node";

/** The numbers from one place to another as a tensor over the same memory. */
export function partOf(
  { type, data }: Tensor,
  [from, to]: readonly [from: number, to: number],
  dims: readonly number[],
): Tensor {
  if (type !== "float16") return new Tensor("float32", (data as Float32Array).subarray(from, to), dims);
  const part = (data as Uint16Array).subarray(from, to);
  const tensor = new Tensor("float16", part, dims);
  // onnxruntime-node gives and asks for a Float16Array, but of one that it is given it sees no byte (1.30.0, Node 24).
  const { buffer, byteOffset, length } = part;
  Object.defineProperty(tensor, "data", { value: new Uint16Array(buffer, byteOffset, length) });
  return tensor;
}
