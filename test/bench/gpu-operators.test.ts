import { expect, it } from "vitest";
import { operatorTimes, type ProfileEvent } from "../../bench/gpu/operators.ts";

const HALF = (...shape: number[]) => ({ float16: shape });

function node(ts: number, dur: number, operator: string, inputs: object[], outputs: object[]): ProfileEvent {
  return {
    ...{ cat: "Node", name: `${operator}_7_kernel_time`, ts, dur },
    args: {
      ...{ op_name: operator, provider: "CUDAExecutionProvider" },
      input_type_shape: inputs as Record<string, number[]>[],
      output_type_shape: outputs as Record<string, number[]>[],
    },
  };
}

const run = (ts: number, dur: number): ProfileEvent => ({ cat: "Session", name: "model_run", ts, dur });
const gemm = (ts: number, dur: number) => node(ts, dur, "Gemm", [HALF(10, 4), HALF(8, 4)], [HALF(10, 8)]);
const add = (ts: number, dur: number) => node(ts, dur, "Add", [HALF(10, 8), HALF(8)], [HALF(10, 8)]);

it("sums the nodes of an operator by what they put out, as means of the runs after the first", () => {
  const times = operatorTimes([
    ...[gemm(1, 9000), run(0, 10_000)],
    ...[gemm(11_001, 1000), gemm(12_500, 3000), add(15_800, 200), run(11_000, 5000)],
    ...[gemm(20_001, 1000), gemm(21_500, 1000), add(22_800, 400), run(20_000, 3000)],
  ]);
  expect(times).toMatchObject({ runs: 2, ms: 4 });
  expect(times.outsideMs).toBeCloseTo(0.7);
  expect(times.operators).toHaveLength(2);
  const [first, second] = times.operators;
  expect(first).toMatchObject({
    operator: "Gemm",
    provider: "CUDA",
    outputs: ["float16[10,8]"],
    nodes: 2,
    ms: 3,
  });
  expect(first.megabytes).toBeCloseTo((2 * 2 * (40 + 32 + 80)) / 1e6, 9);
  expect(second).toMatchObject({ operator: "Add", nodes: 1 });
  expect(second.ms).toBeCloseTo(0.3);
});

it("keeps apart what puts out other shapes, and leaves out what is no node", () => {
  const wide = node(103, 20, "Gemm", [HALF(10, 4)], [HALF(10, 9)]);
  const other: ProfileEvent = { cat: "Session", name: "session_initialization", ts: 0, dur: 7 };
  const times = operatorTimes([other, run(1, 5), run(100, 90), gemm(101, 30), wide]);
  expect(times.operators.map(({ outputs }) => outputs)).toEqual([["float16[10,8]"], ["float16[10,9]"]]);
});

it("says where there is nothing to count", () => {
  expect(() => operatorTimes([run(0, 5)])).toThrow("no model_run after 1");
});
