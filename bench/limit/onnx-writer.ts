/**
 * Just enough of ONNX's protobuf to write a graph of operators with at most attributes of whole numbers: field numbers from onnx.proto3
 * (ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto) of ONNX 1.13, wire format as of proto3.
 */

export const FLOAT = 1;
/** The type of a tensor, as Cast's attribute `to` has it. */
export const HALF = 10;
const INT_ATTRIBUTE = 2;
const IR_VERSION = 8;
const OPSET = 17;

export interface Node {
  operator: string;
  inputs: readonly string[];
  output: string;
  attributes?: Record<string, number>;
}

export interface Weight {
  name: string;
  dims: readonly number[];
  values: Float32Array;
}

/** Name and dimensions; a dimension with a name is free. */
export interface Value {
  name: string;
  dims: readonly (number | string)[];
}

export interface Graph {
  nodes: readonly Node[];
  weights: readonly Weight[];
  inputs: readonly Value[];
  outputs: readonly Value[];
}

/** The bytes of a model that onnxruntime loads. All tensors are float32. Weights make it at most 2 GB. */
export function writeOnnx({ nodes, weights, inputs, outputs }: Graph): Uint8Array {
  const graph = [
    ...nodes.map((node) =>
      message(1, [
        ...node.inputs.map((name) => text(1, name)),
        text(2, node.output),
        text(4, node.operator),
        ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
          message(5, [text(1, name), integer(3, value), integer(20, INT_ATTRIBUTE)]),
        ),
      ]),
    ),
    text(2, "graph"),
    ...weights.map(({ name, dims, values }) =>
      message(5, [
        ...dims.map((dim) => integer(1, dim)),
        integer(2, FLOAT),
        text(8, name),
        bytes(9, rawBytes(values)),
      ]),
    ),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  ];
  return Buffer.concat([integer(1, IR_VERSION), message(7, graph), message(8, [integer(2, OPSET)])]);
}

function valueInfo(field: number, { name, dims }: Value): Buffer {
  const shape = dims.map((dim) => message(1, [typeof dim === "number" ? integer(1, dim) : text(2, dim)]));
  return message(field, [text(1, name), message(2, [message(1, [integer(1, FLOAT), message(2, shape)])])]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts));
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const septets: number[] = [];
  // Not a shift: lengths may be over 31 bits.
  for (; value > 127; value = Math.floor(value / 128)) septets.push((value % 128) + 128);
  return Buffer.from([...septets, value]);
}

function rawBytes({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
