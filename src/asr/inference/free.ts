import type { Tensor } from "onnxruntime-node";

/**
 * Give back at once the memory of arrays that nobody will read again; afterwards they are empty. To the garbage collector
 * they are small objects that can wait, and with them megabytes per batch: 4 % of a small pack's throughput (bench/NOTES.md).
 */
export function free(...arrays: Float32Array[]): void {
  for (const { buffer } of arrays) (buffer as ArrayBuffer).transfer(0);
}

/** The same for a tensor, here or on the card. */
export function release(tensor: Tensor): void {
  if (tensor.location === "cpu") free(tensor.data as Float32Array);
  else tensor.dispose();
}
