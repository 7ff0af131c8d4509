/** In-place complex Fourier transform of a fixed power of two (Cooley and Tukey, radix 2). */
export class Fft {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #reversed: Uint16Array;

  constructor(size: number) {
    this.size = size;
    const step = (index: number) => (2 * Math.PI * index) / size;
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(step(i)));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin(step(i)));
    this.#reversed = new Uint16Array(size);
    for (let i = 1; i < size; i++)
      this.#reversed[i] = (this.#reversed[i >> 1]! >> 1) | (i & 1 ? size >> 1 : 0);
  }

  /** Swapping the two arguments gives the inverse, but for a factor of `size`. */
  transform(real: Float64Array, imaginary: Float64Array): void {
    const { size } = this;
    for (let i = 0; i < size; i++) {
      const j = this.#reversed[i]!;
      if (j <= i) continue;
      const swappedReal = real[i]!;
      const swappedImaginary = imaginary[i]!;
      real[i] = real[j]!;
      imaginary[i] = imaginary[j]!;
      real[j] = swappedReal;
      imaginary[j] = swappedImaginary;
    }
    // The first round turns nothing.
    for (let low = 0; low < size; low += 2) {
      const high = low + 1;
      const otherReal = real[high]!;
      const otherImaginary = imaginary[high]!;
      real[high] = real[low]! - otherReal;
      imaginary[high] = imaginary[low]! - otherImaginary;
      real[low]! += otherReal;
      imaginary[low]! += otherImaginary;
    }
    for (let half = 2; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const cosine = this.#cosines[k * stride]!;
          const sine = this.#sines[k * stride]!;
          const low = start + k;
          const high = low + half;
          const turnedReal = real[high]! * cosine - imaginary[high]! * sine;
          const turnedImaginary = real[high]! * sine + imaginary[high]! * cosine;
          real[high] = real[low]! - turnedReal;
          imaginary[high] = imaginary[low]! - turnedImaginary;
          real[low]! += turnedReal;
          imaginary[low]! += turnedImaginary;
        }
      }
    }
  }
}
