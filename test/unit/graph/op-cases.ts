// One case or more for each op that has a gradient.
import { add, div, maximum, mul, neg, sub } from "../../../models/graph/ops/arithmetic.ts";
import { expandTo, sumTo } from "../../../models/graph/ops/broadcast.ts";
import {
  erf,
  exp,
  gelu,
  log,
  relu,
  sigmoid,
  silu,
  softplus,
  sqrt,
  square,
  tanh,
} from "../../../models/graph/ops/elementwise.ts";
import {
  concat,
  last,
  pad,
  reshape,
  shift,
  slice,
  split,
  transpose,
} from "../../../models/graph/ops/layout.ts";
import { lookup } from "../../../models/graph/ops/lookup.ts";
import { gemm, linear, matmul, swapLast } from "../../../models/graph/ops/matmul.ts";
import { layerNorm, unitLength } from "../../../models/graph/ops/normalise.ts";
import { logSumExp, mean, softmax, sum } from "../../../models/graph/ops/reduce.ts";
import { greaterOrEqual, where } from "../../../models/graph/ops/select.ts";
import type { Value } from "../../../models/graph/graph.ts";
import type { OpCase } from "./finite-differences.ts";

const elementwise: OpCase[] = Object.entries({
  erf,
  exp,
  gelu,
  neg,
  relu,
  sigmoid,
  silu,
  softplus,
  square,
  tanh,
}).map(([name, op]) => ({ name, shapes: [[2, 3]], build: (_, x) => op(x) }));

const positive: OpCase[] = Object.entries({ log, sqrt }).map(([name, op]) => ({
  name,
  shapes: [[2, 3]],
  build: (_, x) => op(x),
  domain: "positive",
}));

const binary: OpCase[] = Object.entries({ add, sub, mul, div, maximum }).flatMap(([name, op]) => {
  const build: OpCase["build"] = (_, a, b) => op(a, b);
  return [
    {
      name: `${name}, same shape`,
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build,
      domain: "positive",
    },
    { name: `${name}, row`, shapes: [[2, 3], [3]], build, domain: "positive" },
    {
      name: `${name}, column on the left`,
      shapes: [
        [2, 1],
        [4, 2, 3],
      ],
      build,
      domain: "positive",
    },
  ];
});

const products: OpCase[] = [
  ...[false, true].flatMap((a) =>
    [false, true].map((b): OpCase => ({
      name: `gemm, a ${a ? "flipped" : "straight"}, b ${b ? "flipped" : "straight"}, with a row`,
      shapes: [a ? [4, 2] : [2, 4], b ? [3, 4] : [4, 3], [3]],
      build: (_, x, y, c) => gemm(x, y, { a, b }, c),
    })),
  ),
  { name: "linear", shapes: [[2, 3, 4], [4, 5], [5]], build: (_, x, w, b) => linear(x, w, b) },
  {
    name: "matmul",
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
    build: (_, a, b) => matmul(a, b),
  },
  { name: "swapLast", shapes: [[2, 3, 4]], build: (_, x) => swapLast(x) },
];

const layout: OpCase[] = [
  { name: "reshape", shapes: [[2, 6]], build: (_, x) => reshape(x, [3, 4]) },
  { name: "transpose", shapes: [[2, 3, 4]], build: (_, x) => transpose(x, [2, 0, 1]) },
  { name: "slice", shapes: [[2, 5]], build: (_, x) => slice(x, 1, 1, 4) },
  { name: "shift", shapes: [[2, 3, 2]], build: (_, x) => shift(x, 1, 2) },
  { name: "last", shapes: [[2, 3, 2]], build: (_, x) => last(x, 1) },
  { name: "pad", shapes: [[2, 3]], build: (_, x) => pad(x, 1, 2, 1) },
  {
    name: "concat",
    shapes: [
      [2, 3],
      [2, 2],
    ],
    build: (_, a, b) => concat([a, b], 1),
  },
  {
    name: "split, one part unused",
    shapes: [[2, 6]],
    build: (_, x) => {
      const [a, , c] = split(x, 1, [2, 1, 3]);
      return concat([required(c), required(a)], 1);
    },
  },
  { name: "expandTo", shapes: [[2, 1]], build: (_, x) => expandTo(x, [3, 2, 4]) },
  { name: "sumTo", shapes: [[3, 2, 4]], build: (_, x) => sumTo(x, [2, 1]) },
  {
    name: "lookup",
    shapes: [[4, 3]],
    build: (graph, table) =>
      lookup(table, graph.constant(BigInt64Array.of(3n, 0n, 3n, 1n), [2, 2], "int64")),
  },
];

const reductions: OpCase[] = [
  { name: "sum over all", shapes: [[2, 3]], build: (_, x) => sum(x) },
  { name: "sum over one axis", shapes: [[2, 3, 2]], build: (_, x) => sum(x, [1]) },
  { name: "mean, kept", shapes: [[2, 3]], build: (_, x) => mean(x, [-1], true) },
  { name: "logSumExp", shapes: [[3, 4]], build: (_, x) => logSumExp(x) },
  { name: "softmax", shapes: [[3, 4]], build: (_, x) => softmax(x) },
  { name: "layerNorm", shapes: [[3, 6], [6], [6]], build: (_, x, g, b) => layerNorm(x, g, b) },
  { name: "unitLength", shapes: [[3, 4]], build: (_, x) => unitLength(x) },
];

const choices: OpCase[] = [
  {
    name: "where",
    shapes: [[2, 3], [3]],
    build: (graph, a, b) =>
      where(greaterOrEqual(graph.constant(Float32Array.of(1, 0), [2, 1]), graph.scalar(0.5)), a, b),
  },
  { name: "a value used twice", shapes: [[2, 2]], build: (_, x) => mul(exp(x), sub(x, tanh(x))) },
];

export const OP_CASES = [
  ...elementwise,
  ...positive,
  ...binary,
  ...products,
  ...layout,
  ...reductions,
  ...choices,
];

function required(value: Value | undefined): Value {
  if (!value) throw new Error("the case expects a value here");
  return value;
}
