/**
 * Give back at once the memory of arrays that nobody will read again; afterwards they are empty. To the garbage collector
 * they are small objects that can wait, and with them megabytes per batch: 4 % of a small pack's throughput (bench/NOTES.md).
 */
export function free(...arrays: Float32Array[]): void {
  for (const { buffer } of arrays) (buffer as ArrayBuffer).transfer(0);
}
