/** Where a graph's time goes, from the events that onnxruntime writes of each node (enableProfiling). */

/** One line of the file, as far as it is read here. Times are in µs. */
export interface ProfileEvent {
  cat: string;
  name: string;
  ts: number;
  dur: number;
  args?: {
    op_name?: string;
    provider?: string;
    input_type_shape?: TypedShape[];
    output_type_shape?: TypedShape[];
  };
}

/** `{"float16": [64, 374, 768]}` */
type TypedShape = Record<string, number[]>;

/** Nodes of one operator that put out tensors of the same types and shapes, in one run. */
export interface OperatorTime {
  operator: string;
  provider: string;
  /** `float16[64,374,768]`, one for each output. */
  outputs: string[];
  nodes: number;
  ms: number;
  /** Taken and given, each tensor once. */
  megabytes: number;
}

export interface OperatorTimes {
  /** Runs that are counted. */
  runs: number;
  /** Mean of a run. */
  ms: number;
  /** What of it is spent in no node: copies of inputs and outputs, and between nodes. */
  outsideMs: number;
  /** Longest first. */
  operators: OperatorTime[];
}

const BYTES: Readonly<Record<string, number>> = {
  float16: 2,
  bfloat16: 2,
  float: 4,
  double: 8,
  int32: 4,
  int64: 8,
  bool: 1,
  uint8: 1,
  int8: 1,
};
const RUN = "model_run";
const NODE = /_kernel_time$/;

/** Means over all runs but the first `warmUp`. Throws Error where there is no other. */
export function operatorTimes(events: readonly ProfileEvent[], warmUp = 1): OperatorTimes {
  const runs = events
    .filter(({ name }) => name === RUN)
    .sort((a, b) => a.ts - b.ts)
    .slice(warmUp);
  if (runs.length === 0) throw new Error(`the profile has no ${RUN} after ${warmUp} to warm up`);
  const began = runs[0].ts;
  const groups = new Map<string, OperatorTime>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== "Node" || !NODE.test(name) || ts < began || args?.op_name === undefined) continue;
    const outputs = (args.output_type_shape ?? []).map(describe);
    const provider = (args.provider ?? "").replace("ExecutionProvider", "");
    const key = JSON.stringify([args.op_name, provider, outputs]);
    const group = groups.get(key) ?? {
      ...{ operator: args.op_name, provider, outputs },
      ...{ nodes: 0, ms: 0, megabytes: 0 },
    };
    groups.set(key, group);
    const tensors = [...(args.input_type_shape ?? []), ...(args.output_type_shape ?? [])];
    group.nodes += 1 / runs.length;
    group.ms += dur / 1000 / runs.length;
    group.megabytes += tensors.reduce((sum, tensor) => sum + bytes(tensor), 0) / 1e6 / runs.length;
  }
  const operators = [...groups.values()].sort((a, b) => b.ms - a.ms);
  const ms = runs.reduce((sum, { dur }) => sum + dur, 0) / 1000 / runs.length;
  return {
    runs: runs.length,
    ms,
    outsideMs: ms - operators.reduce((sum, each) => sum + each.ms, 0),
    operators,
  };
}

function describe(tensor: TypedShape): string {
  return Object.entries(tensor)
    .map(([type, shape]) => `${type}[${shape.join(",")}]`)
    .join(" ");
}

function bytes(tensor: TypedShape): number {
  return Object.entries(tensor).reduce(
    (sum, [type, shape]) => sum + (BYTES[type] ?? 0) * shape.reduce((product, size) => product * size, 1),
    0,
  );
}
