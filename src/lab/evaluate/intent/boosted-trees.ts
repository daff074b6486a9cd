// Gradient-boosted trees on the logistic loss, by histograms (Chen & Guestrin, KDD 2016): the reference that an intent
// model is judged beside. Level by level, so that each level is one pass over the rows.

type TreeSettings = {
  trees: number;
  depth: number;
  rate: number;
  /** Rows of a leaf at least. */
  leaf: number;
  /** Keeps small leaves small. */
  ridge: number;
};

const TREE_SETTINGS: TreeSettings = { trees: 120, depth: 4, rate: 0.05, leaf: 40, ridge: 5 };

/** Cuts of a feature: more tell no difference on logs of this size. */
const BINS = 32;

/** A node splits `feature` at `cut`: at most it goes to 2n + 1, else to 2n + 2. Leaves carry a value. */
type Tree = { feature: Int16Array; cut: Float32Array; value: Float32Array };

/** Gives the probability of each row. */
export function fitTrees(
  rows: readonly Float32Array[],
  labels: readonly number[],
  settings: TreeSettings = TREE_SETTINGS,
): (rows: readonly Float32Array[]) => number[] {
  const width = rows[0]?.length ?? 0;
  const cuts = Array.from({ length: width }, (_, feature) => cutsOf(rows, feature));
  const binned = rows.map((row) =>
    Uint8Array.from(row, (x, feature) => binOf(x, cuts[feature] ?? [])),
  );
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const first = Math.log(share / (1 - share));
  const scores = new Float64Array(rows.length).fill(first);
  const trees: Tree[] = [];
  for (let index = 0; index < settings.trees; index++) {
    trees.push(growTree(binned, cuts, labels, scores, settings));
  }
  return (asked) =>
    asked.map((row) => {
      let score = first;
      for (const tree of trees) score += valueOf(tree, row);
      return sigmoid(score);
    });
}

function growTree(
  binned: readonly Uint8Array[],
  cuts: readonly (readonly number[])[],
  labels: readonly number[],
  scores: Float64Array,
  { depth, rate, leaf, ridge }: TreeSettings,
): Tree {
  const size = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int16Array(size).fill(-1),
    cut: new Float32Array(size),
    value: new Float32Array(size),
  };
  const errors = Float64Array.from(scores, (score, row) => (labels[row] ?? 0) - sigmoid(score));
  const curves = Float64Array.from(scores, (score) => sigmoid(score) * (1 - sigmoid(score)));
  const nodes = new Uint8Array(scores.length);
  const bins = new Int16Array(size);
  for (let level = 0; level < depth; level++) {
    const from = 2 ** level - 1;
    const width = cuts.length * BINS;
    const sums = new Float64Array((from + 1) * width * 3);
    for (const [row, values] of binned.entries()) {
      const node = (nodes[row] ?? 0) - from;
      if (node < 0) continue;
      for (let feature = 0; feature < values.length; feature++) {
        const at = (node * width + feature * BINS + (values[feature] ?? 0)) * 3;
        sums[at] = (sums[at] ?? 0) + (errors[row] ?? 0);
        sums[at + 1] = (sums[at + 1] ?? 0) + (curves[row] ?? 0);
        sums[at + 2] = (sums[at + 2] ?? 0) + 1;
      }
    }
    for (let node = 0; node <= from; node++) {
      const part = sums.subarray(node * width * 3, (node + 1) * width * 3);
      const best = bestSplit(part, cuts.length, leaf, ridge);
      if (best === null) continue;
      tree.feature[from + node] = best.feature;
      bins[from + node] = best.bin;
      tree.cut[from + node] = cuts[best.feature]?.[best.bin] ?? 0;
    }
    for (const [row, values] of binned.entries()) {
      const node = nodes[row] ?? 0;
      const feature = tree.feature[node] ?? -1;
      if (node < from || feature < 0) continue;
      nodes[row] = 2 * node + ((values[feature] ?? 0) <= (bins[node] ?? 0) ? 1 : 2);
    }
  }
  const gains = new Float64Array(size);
  const weights = new Float64Array(size).fill(ridge);
  for (const [row, node] of nodes.entries()) {
    gains[node] = (gains[node] ?? 0) + (errors[row] ?? 0);
    weights[node] = (weights[node] ?? 0) + (curves[row] ?? 0);
  }
  for (const [node, gain] of gains.entries())
    tree.value[node] = (rate * gain) / (weights[node] ?? 1);
  for (const [row, node] of nodes.entries())
    scores[row] = (scores[row] ?? 0) + (tree.value[node] ?? 0);
  return tree;
}

/** @param sums of one node, [feature, bin, (error, curve, rows)] */
function bestSplit(sums: Float64Array, features: number, leaf: number, ridge: number) {
  let best: { feature: number; bin: number } | null = null;
  let most = 1e-6;
  for (let feature = 0; feature < features; feature++) {
    const from = feature * BINS * 3;
    let [allErrors, allCurves, allRows] = [0, 0, 0];
    for (let at = from; at < from + BINS * 3; at += 3) {
      allErrors += sums[at] ?? 0;
      allCurves += sums[at + 1] ?? 0;
      allRows += sums[at + 2] ?? 0;
    }
    let [errors, curves, rows] = [0, 0, 0];
    const whole = allErrors ** 2 / (allCurves + ridge);
    for (let bin = 0; bin < BINS - 1; bin++) {
      const at = from + bin * 3;
      errors += sums[at] ?? 0;
      curves += sums[at + 1] ?? 0;
      rows += sums[at + 2] ?? 0;
      if (rows < leaf || allRows - rows < leaf) continue;
      const right = (allErrors - errors) ** 2 / (allCurves - curves + ridge);
      const gain = errors ** 2 / (curves + ridge) + right - whole;
      if (gain > most) [most, best] = [gain, { feature, bin }];
    }
  }
  return best;
}

/** Upper ends of the bins but the last, at quantiles. */
function cutsOf(rows: readonly Float32Array[], feature: number): number[] {
  const sorted = Float32Array.from(rows, (row) => row[feature] ?? 0).sort();
  const cuts = Array.from({ length: BINS - 1 }, (_, bin) => {
    return sorted[Math.floor(((bin + 1) * sorted.length) / BINS)] ?? 0;
  });
  return [...new Set(cuts)];
}

function binOf(x: number, cuts: readonly number[]): number {
  let bin = 0;
  while (bin < cuts.length && x > (cuts[bin] ?? 0)) bin++;
  return bin;
}

function valueOf({ feature, cut, value }: Tree, row: Float32Array): number {
  let node = 0;
  for (let split = feature[0] ?? -1; split >= 0; split = feature[node] ?? -1)
    node = 2 * node + ((row[split] ?? 0) <= (cut[node] ?? 0) ? 1 : 2);
  return value[node] ?? 0;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
