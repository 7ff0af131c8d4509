import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Device } from "../../src/asr/index.ts";
import { sessionOptions } from "../../src/asr/inference/devices.ts";
import { seededRandom } from "../random.ts";
import { FLOAT, HALF, writeOnnx } from "./onnx-writer.ts";
import type { Shapes } from "./shapes.ts";

/** The rate of matrix products with `rows` tokens. */
export interface GemmRate {
  rows: number;
  size: number;
  hidden: number;
  /** FLOPs a second, the best of the runs. */
  flops: number;
}

export interface GemmOptions {
  device: Device;
  threads: number;
  rows: readonly number[];
  runs: number;
  /** Products in one run: on a GPU enough to hide the call. */
  layers: number;
  /** In 16-bit floats. */
  half?: boolean;
}

/**
 * How fast this machine multiplies through onnxruntime: a feed-forward network's two products [M, D]×[D, H] and
 * [M, H]×[H, D], one after another, weights as initializers, as the model has them (so they are packed at load). Input and
 * output are small, since on a GPU they travel: the tokens are made in the graph, and one number comes out.
 */
export async function measureGemm(
  { size, hidden }: Pick<Shapes, "size" | "hidden">,
  options: GemmOptions,
): Promise<GemmRate[]> {
  const { device, threads, layers, runs, half = false } = options;
  const model = gemmModel(size, hidden, layers, half);
  const session = await InferenceSession.create(model, sessionOptions(device, threads));
  const rates: GemmRate[] = [];
  for (const rows of options.rows) {
    const feeds = { rows: new Tensor("float32", new Float32Array(rows).fill(1), [rows, 1]) };
    await session.run(feeds);
    let best = Number.POSITIVE_INFINITY; // ms
    for (let run = 0; run < runs; run++) {
      const started = performance.now();
      await session.run(feeds);
      best = Math.min(best, performance.now() - started);
    }
    rates.push({ rows, size, hidden, flops: (layers * 2 * rows * size * hidden) / (best / 1000) });
  }
  await session.release();
  return rates;
}

export function fastest(rates: readonly GemmRate[]): GemmRate {
  if (rates.length === 0) throw new RangeError("There are no rates.");
  return rates.reduce((best, rate) => (rate.flops > best.flops ? rate : best));
}

/** rows [M, 1] → Σ over `layers` products → [1, 1], the largest number at the end. */
export function gemmModel(size: number, hidden: number, layers: number, half = false): Uint8Array {
  const random = seededRandom(1);
  // Scaled so that numbers neither vanish nor grow: denormals would be slow.
  const noise = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => (random() - 0.5) * scale);
  const products = Array.from({ length: layers }, (_, at) => {
    const [from, to] = at % 2 === 0 ? [size, hidden] : [hidden, size];
    return {
      node: { operator: "MatMul", inputs: [`x${at}`, half ? `h${at}` : `w${at}`], output: `x${at + 1}` },
      weight: { name: `w${at}`, dims: [from, to], values: noise(from * to, Math.sqrt(12 / from)) },
    };
  });
  const cast = (from: string, to: string, kind: number) => {
    return { operator: "Cast", inputs: [from], output: to, attributes: { to: kind } };
  };
  // Casts of weights are folded when the graph is loaded.
  const casts = half ? products.map((_, at) => cast(`w${at}`, `h${at}`, HALF)) : [];
  return writeOnnx({
    nodes: [
      { operator: "Mul", inputs: ["rows", "row"], output: half ? "x" : "x0" },
      ...(half ? [cast("x", "x0", HALF)] : []),
      ...casts,
      ...products.map(({ node }) => node),
      ...(half ? [cast(`x${layers}`, "y", FLOAT)] : []),
      { operator: "ReduceMax", inputs: [half ? "y" : `x${layers}`], output: "largest" },
    ],
    weights: [
      { name: "row", dims: [1, size], values: noise(size, 2) },
      ...products.map(({ weight }) => weight),
    ],
    inputs: [{ name: "rows", dims: ["M", 1] }],
    outputs: [{ name: "largest", dims: [1, 1] }],
  });
}
