import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { fastest, gemmModel, measureGemm } from "../../../bench/limit/gemm-peak.ts";
import { writeOnnx } from "../../../bench/limit/onnx-writer.ts";

describe("a graph of our own writing", () => {
  it("multiplies", async () => {
    const model = writeOnnx({
      nodes: [{ operator: "MatMul", inputs: ["x", "w"], output: "y" }],
      weights: [{ name: "w", dims: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      inputs: [{ name: "x", dims: ["M", 2] }],
      outputs: [{ name: "y", dims: ["M", 3] }],
    });
    const session = await InferenceSession.create(model);
    const { y } = await session.run({ x: new Tensor("float32", Float32Array.of(1, 0, 0, 1, 1, 1), [3, 2]) });
    await session.release();
    expect(y.dims).toEqual([3, 3]);
    expect([...(y.data as Float32Array)]).toEqual([1, 2, 3, 4, 5, 6, 5, 7, 9]);
  });

  it("may hold weights whose length needs several bytes", async () => {
    const values = new Float32Array(300 * 200).fill(0.5);
    const model = writeOnnx({
      nodes: [{ operator: "MatMul", inputs: ["x", "w"], output: "y" }],
      weights: [{ name: "w", dims: [300, 200], values }],
      inputs: [{ name: "x", dims: ["M", 300] }],
      outputs: [{ name: "y", dims: ["M", 200] }],
    });
    const session = await InferenceSession.create(model);
    const { y } = await session.run({ x: new Tensor("float32", new Float32Array(300).fill(1), [1, 300]) });
    await session.release();
    expect(new Set(y.data as Float32Array)).toEqual(new Set([150]));
  });
});

describe("the machine's matrix products", () => {
  it("keep their numbers in range through many layers", async () => {
    const session = await InferenceSession.create(gemmModel(64, 128, 16));
    const { largest } = await session.run({
      rows: new Tensor("float32", new Float32Array(5).fill(1), [5, 1]),
    });
    await session.release();
    const [value] = largest.data as Float32Array;
    expect(value).toBeGreaterThan(1e-3);
    expect(value).toBeLessThan(1e3);
  });

  it("have a rate for every number of rows", async () => {
    const options = { device: "cpu", threads: 1, rows: [3, 8], runs: 1, layers: 2 } as const;
    const rates = await measureGemm({ size: 16, hidden: 32 }, options);
    expect(rates.map(({ rows, size, hidden }) => [rows, size, hidden])).toEqual([
      [3, 16, 32],
      [8, 16, 32],
    ]);
    expect(rates.every(({ flops }) => flops > 0)).toBe(true);
  });

  it("are judged by the fastest", () => {
    const rate = (flops: number) => ({ rows: 1, size: 1, hidden: 1, flops });
    expect(fastest([rate(1), rate(3), rate(2)])).toEqual(rate(3));
    expect(() => fastest([])).toThrow(RangeError);
  });
});
