// Writes a graph as an ONNX ModelProto. Field numbers are those of onnx/onnx.proto (IR version 8).
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ConstantData, Graph, Attribute, Node, Value } from "./graph.ts";
import { prune } from "./prune.ts";
import type { DType, Shape } from "./shape.ts";

/** Opset 18: reductions take their axes as an input. IR version 8 goes with it. */
const OPSET = 18;
const IR_VERSION = 8;

/** onnx.TensorProto.DataType */
const DATA_TYPE: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** onnx.AttributeProto.AttributeType */
const ATTRIBUTE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

type Names = Map<Value, string>;

/** The model file's bytes; nodes that no output needs are left out. */
export function encodeModel(graph: Graph, name = "graph"): Uint8Array<ArrayBuffer> {
  const model = new BinaryWriter();
  model.tag(1, WireType.Varint).int64(IR_VERSION);
  model.tag(2, WireType.LengthDelimited).string("millrace");
  message(model, 7, (w) => writeGraph(w, graph, name, new Map()));
  message(model, 8, (w) => {
    w.tag(1, WireType.LengthDelimited).string("");
    w.tag(2, WireType.Varint).int64(OPSET);
  });
  return model.finish();
}

/** `names` holds those of the surrounding graph, where this one is a body; they stay visible inside. */
function writeGraph(w: BinaryWriter, graph: Graph, name: string, names: Names): void {
  const live = prune(graph);
  for (const [input, value] of live.inputs) names.set(value, input);
  for (const [output, value] of graph.outputs) names.set(value, output);
  const prefix = `${name}_`;
  for (const value of [...live.constants, ...live.nodes.flatMap((node) => node.outputs)]) {
    if (!names.has(value)) names.set(value, `${prefix}${names.size}`);
  }
  for (const node of live.nodes) message(w, 1, (w) => writeNode(w, node, names));
  w.tag(2, WireType.LengthDelimited).string(name);
  for (const value of live.constants) {
    const data = graph.constants.get(value);
    if (data) message(w, 5, (w) => writeTensor(w, nameOf(names, value), value, data));
  }
  for (const [input, value] of live.inputs) message(w, 11, (w) => writeValueInfo(w, input, value));
  for (const [output, value] of graph.outputs)
    message(w, 12, (w) => writeValueInfo(w, output, value));
}

function writeNode(w: BinaryWriter, node: Node, names: Names): void {
  for (const input of node.inputs) w.tag(1, WireType.LengthDelimited).string(nameOf(names, input));
  for (const output of node.outputs)
    w.tag(2, WireType.LengthDelimited).string(nameOf(names, output));
  w.tag(4, WireType.LengthDelimited).string(node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(w, 5, (w) => writeAttribute(w, name, attribute, names));
  }
}

function writeAttribute(w: BinaryWriter, name: string, attribute: Attribute, names: Names): void {
  w.tag(1, WireType.LengthDelimited).string(name);
  const type = (code: number) => w.tag(20, WireType.Varint).int32(code);
  if (typeof attribute === "number") {
    w.tag(2, WireType.Bit32).float(attribute);
    type(ATTRIBUTE.float);
  } else if (typeof attribute === "string") {
    w.tag(4, WireType.LengthDelimited).string(attribute);
    type(ATTRIBUTE.string);
  } else if ("int" in attribute) {
    w.tag(3, WireType.Varint).int64(attribute.int);
    type(ATTRIBUTE.int);
  } else if ("graph" in attribute) {
    message(w, 6, (w) => writeGraph(w, attribute.graph, `body_${names.size}`, names));
    type(ATTRIBUTE.graph);
  } else {
    for (const int of attribute) w.tag(8, WireType.Varint).int64(int);
    type(ATTRIBUTE.ints);
  }
}

function writeTensor(w: BinaryWriter, name: string, value: Value, data: ConstantData): void {
  for (const dim of value.shape) w.tag(1, WireType.Varint).int64(dim);
  w.tag(2, WireType.Varint).int32(DATA_TYPE[value.type]);
  w.tag(8, WireType.LengthDelimited).string(name);
  w.tag(9, WireType.LengthDelimited).bytes(bytesOf(data));
}

function writeValueInfo(w: BinaryWriter, name: string, value: Value): void {
  w.tag(1, WireType.LengthDelimited).string(name);
  message(w, 2, (w) =>
    message(w, 1, (w) => {
      w.tag(1, WireType.Varint).int32(DATA_TYPE[value.type]);
      message(w, 2, (w) => writeShape(w, value.shape));
    }),
  );
}

function writeShape(w: BinaryWriter, shape: Shape): void {
  for (const dim of shape) {
    message(w, 1, (w) => {
      if (typeof dim === "number") w.tag(1, WireType.Varint).int64(dim);
      else w.tag(2, WireType.LengthDelimited).string(dim);
    });
  }
}

function message(w: BinaryWriter, field: number, write: (w: BinaryWriter) => void): void {
  w.tag(field, WireType.LengthDelimited).fork();
  write(w);
  w.join();
}

function nameOf(names: Names, value: Value): string {
  const name = names.get(value);
  if (name === undefined) throw new Error("a node reads a value of another graph");
  return name;
}

/** Views the elements as bytes. Like ONNX, all machines that we run on are little-endian. */
function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
