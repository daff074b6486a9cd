// A graph under construction: values (typed, shaped edges) and nodes (ops that make them). Every value knows the node that
// made it, so a gradient can find its way back. Ops add nodes; shapes are checked while it grows, so a mistake shows at the
// line that made it. It knows neither gradients nor the wire format.
import { countElements, showShape } from "./shape.ts";
import type { DType, Shape } from "./shape.ts";

export type Attribute = number | string | readonly number[] | { int: number } | { graph: Graph };
export type Attributes = Readonly<Record<string, Attribute>>;

/** Gets the gradient of the loss by each output; gives it by each input, null where none flows. */
export type Backward = (...outputGradients: Value[]) => (Value | null)[];

export type Node = {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  readonly backward: Backward | null;
};

export type Value = {
  readonly graph: Graph;
  readonly type: DType;
  readonly shape: Shape;
  /** The node that computes it; null for inputs and constants. */
  producer: Node | null;
};

/** Raw little-endian elements of a constant, as ONNX stores them. */
export type ConstantData =
  | Float32Array
  | Float16Array
  | BigInt64Array
  | Int32Array
  | Int8Array
  | Uint8Array;

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs = new Map<string, Value>();
  readonly outputs = new Map<string, Value>();
  readonly constants = new Map<Value, ConstantData>();
  private readonly interned = new Map<string, Value>();

  /** A tensor that is fed at every run. */
  input(name: string, shape: Shape, type: DType = "float32"): Value {
    if (this.inputs.has(name)) throw new Error(`there are two inputs named "${name}"`);
    const value = this.value(shape, type);
    this.inputs.set(name, value);
    return value;
  }

  /** A tensor written into the model file. */
  constant(data: ConstantData, shape: Shape, type: DType = "float32"): Value {
    if (data.length !== countElements(shape)) {
      throw new Error(`${data.length} elements do not fill ${showShape(shape)}`);
    }
    const value = this.value(shape, type);
    this.constants.set(value, data);
    return value;
  }

  /** A float32 scalar; equal ones share one constant. */
  scalar(x: number): Value {
    return this.intern(`scalar ${x}`, () => this.constant(Float32Array.of(x), []));
  }

  /** An int64 vector, the form in which ONNX takes shapes, axes and bounds. */
  ints(xs: readonly number[]): Value {
    return this.intern(`ints ${xs.join()}`, () =>
      this.constant(BigInt64Array.from(xs, BigInt), [xs.length], "int64"),
    );
  }

  /** All-zero float32 tensor. */
  zeros(shape: Shape): Value {
    return this.intern(`zeros ${shape.join()}`, () =>
      this.constant(new Float32Array(countElements(shape)), shape),
    );
  }

  /** Adds a node with one output. Without `backward` it is a wall for gradients. */
  apply(
    op: string,
    inputs: readonly Value[],
    output: { shape: Shape; type?: DType },
    rest: { attributes?: Attributes; backward?: Backward } = {},
  ): Value {
    const value = this.value(output.shape, output.type ?? "float32");
    this.addNode(op, inputs, [value], rest);
    return value;
  }

  /** Adds a node with several outputs. */
  applyMany(
    op: string,
    inputs: readonly Value[],
    outputs: readonly { shape: Shape; type?: DType }[],
    rest: { attributes?: Attributes; backward?: Backward } = {},
  ): Value[] {
    const values = outputs.map(({ shape, type }) => this.value(shape, type ?? "float32"));
    this.addNode(op, inputs, values, rest);
    return values;
  }

  /** Names a value as a result of the run. A value named before goes through an Identity. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new Error(`there are two outputs named "${name}"`);
    const taken = value.producer === null || [...this.outputs.values()].includes(value);
    this.outputs.set(name, taken ? this.apply("Identity", [value], value) : value);
  }

  private value(shape: Shape, type: DType): Value {
    for (const dim of shape) {
      if (typeof dim === "number" && !(Number.isInteger(dim) && dim >= 0)) {
        throw new Error(`${showShape(shape)} is no shape`);
      }
    }
    return { graph: this, type, shape, producer: null };
  }

  private addNode(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    rest: { attributes?: Attributes; backward?: Backward },
  ): void {
    const node: Node = {
      op,
      inputs,
      outputs,
      attributes: rest.attributes ?? {},
      backward: rest.backward ?? null,
    };
    for (const output of outputs) output.producer = node;
    this.nodes.push(node);
  }

  private intern(key: string, make: () => Value): Value {
    const known = this.interned.get(key);
    if (known) return known;
    const value = make();
    this.interned.set(key, value);
    return value;
  }
}
