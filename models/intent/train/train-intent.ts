// Trains an intent model: epochs of steps, the latest sessions held back to stop by and to calibrate on.
import { fitPlatt } from "../../evaluate/binary/platt.ts";
import type { PlattScaling } from "../../evaluate/binary/platt.ts";
import { encodeModel } from "../../graph/onnx.ts";
import { Random } from "../../graph/random.ts";
import { DenseOptimiser } from "../../optimise/dense-optimiser.ts";
import { float32Output, floats } from "../../runtime/feeds.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { HEADS } from "../config.ts";
import type { IntentConfig } from "../config.ts";
import { buildIntentStep, intentParameters } from "../network.ts";
import type { IntentShape, IntentWeights, Normalisation } from "../network.ts";
import { createIntentScorer } from "../serve/scorer.ts";
import { splitBySession, UNKNOWN } from "./rows.ts";
import type { IntentRow } from "./rows.ts";

export type IntentEpoch = { epoch: number; loss: number; validation: number };
export type TrainedIntent = { weights: IntentWeights; history: IntentEpoch[] };

const PARAMETER_STREAM = 21;
const ORDER_STREAM = 22;
const AS_IT_IS: PlattScaling = { slope: 1, offset: 0 };
const SMALLEST_DEVIATION = 1e-6;
/** Examples of each kind below which a curve would be guessed; the network's own answer stays. */
const MIN_CALIBRATION = 20;
/** Keeps a logarithm finite. */
const CLIP = 1e-6;

/** Same rows, configuration and threads give the same bytes. Throws where there is nothing to learn from. */
export async function trainIntent(
  rows: readonly IntentRow[],
  config: IntentConfig,
  runtime: Runtime,
): Promise<TrainedIntent> {
  const { earlier: learned, later: held } = splitBySession(rows, config.validation);
  const width = learned[0]?.features.length;
  if (width === undefined || held.length === 0)
    throw new Error("There are too few sessions to learn intent from.");
  const shape = { width, hidden: config.hidden, members: config.members };
  const normalisation = measure(learned, width);
  const batch = Math.min(config.batch, learned.length);
  const session = await runtime.load(encodeModel(buildIntentStep(shape, normalisation, batch)));
  const random = new Random(config.seed, PARAMETER_STREAM);
  const optimiser = await DenseOptimiser.create(intentParameters(shape), random, config, runtime);
  const weights = weighRows(learned);
  const inEpoch = Math.max(1, Math.floor(learned.length / batch));
  const steps = inEpoch * config.epochs;
  const history: IntentEpoch[] = [];
  let best: { weights: IntentWeights; validation: number; epoch: number } | null = null;
  let step = 0;
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const order = Int32Array.from(learned, (_, index) => index);
    new Random(config.seed, ORDER_STREAM, epoch).shuffle(order);
    let loss = 0;
    for (let at = 0; at < inEpoch; at++) {
      const feeds = feedsOf(learned, weights, order.subarray(at * batch, (at + 1) * batch), shape);
      const results = await session.run({ ...feeds, parameters: floats(optimiser.parameters) });
      await optimiser.apply(float32Output(results, "d_parameters"), 1 - step / steps, step);
      loss += (float32Output(results, "loss")[0] ?? Number.NaN) / inEpoch;
      step++;
    }
    const parameters = optimiser.parameters.slice();
    const plain = { shape, normalisation, parameters, scaling: HEADS.map(() => AS_IT_IS) };
    const { scaling, validation } = await validate(plain, held, runtime);
    history.push({ epoch, loss, validation });
    if (best === null || validation < best.validation)
      best = { weights: { ...plain, scaling }, validation, epoch };
    else if (epoch - best.epoch >= config.patience) break;
  }
  await session.release();
  await optimiser.release();
  if (best === null) throw new Error("an intent model needs an epoch");
  return { weights: best.weights, history };
}

/** Every session counts as much as any other: a long one would else be heard at each of its events. */
function weighRows(rows: readonly IntentRow[]): Float32Array {
  const lengths = new Map<number, number>();
  for (const { session } of rows) lengths.set(session, (lengths.get(session) ?? 0) + 1);
  const mean = rows.length / lengths.size;
  return Float32Array.from(rows, ({ session }) => mean / (lengths.get(session) ?? 1));
}

function feedsOf(
  rows: readonly IntentRow[],
  weights: Float32Array,
  chosen: Int32Array,
  { width }: IntentShape,
) {
  const features = new Float32Array(chosen.length * width);
  const labels = new Float32Array(chosen.length * HEADS.length);
  const weight = new Float32Array(labels.length);
  for (const [index, from] of chosen.entries()) {
    const row = rows[from];
    if (row === undefined) continue;
    features.set(row.features, index * width);
    for (const [head, label] of row.labels.entries()) {
      const at = index * HEADS.length + head;
      if (label === UNKNOWN) continue;
      labels[at] = label;
      weight[at] = (weights[from] ?? 0) / chosen.length;
    }
  }
  return {
    features: floats(features, [chosen.length, width]),
    labels: floats(labels, [chosen.length, HEADS.length]),
    weight: floats(weight, [chosen.length, HEADS.length]),
  };
}

/** Curves by head, and the mean log loss of `buys` as calibrated, nats. */
async function validate(plain: IntentWeights, held: readonly IntentRow[], runtime: Runtime) {
  const answers = await answerRows(plain, held, runtime);
  let validation = Number.NaN;
  const scaling = HEADS.map((_, head) => {
    const asked = held.flatMap((row, index) => {
      const label = row.labels[head] ?? UNKNOWN;
      const p = answers[index * HEADS.length + head] ?? 0.5;
      return label === UNKNOWN ? [] : [{ label, logit: Math.log((p + CLIP) / (1 - p + CLIP)) }];
    });
    const labels = asked.map(({ label }) => label);
    const positives = labels.filter((label) => label === 1).length;
    const isEnough = Math.min(positives, labels.length - positives) >= MIN_CALIBRATION;
    const logits = asked.map(({ logit }) => logit);
    const curve = isEnough ? fitPlatt(labels, logits) : AS_IT_IS;
    if (head === 0) validation = meanLoss(labels, logits, curve);
    return curve;
  });
  return { scaling, validation };
}

function meanLoss(
  labels: readonly number[],
  logits: readonly number[],
  { slope, offset }: PlattScaling,
): number {
  const nats = labels.map((label, index) => {
    const x = slope * (logits[index] ?? 0) + offset;
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - label * x;
  });
  return nats.reduce((sum, each) => sum + each, 0) / nats.length;
}

/** [rows, HEADS] */
export async function answerRows(
  weights: IntentWeights,
  rows: readonly IntentRow[],
  runtime: Runtime,
): Promise<Float32Array> {
  const { width } = weights.shape;
  const features = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) features.set(row.features, index * width);
  const scorer = await createIntentScorer(weights, runtime);
  const answers = await scorer.score(features, rows.length);
  await scorer.release();
  return answers;
}

function measure(rows: readonly IntentRow[], width: number): Normalisation {
  const mean = new Float32Array(width);
  const inverse = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    let [total, squares] = [0, 0];
    for (const { features } of rows) {
      const x = features[column] ?? 0;
      total += x;
      squares += x * x;
    }
    const average = total / rows.length;
    const deviation = Math.sqrt(Math.max(0, squares / rows.length - average * average));
    mean[column] = average;
    inverse[column] = deviation > SMALLEST_DEVIATION ? 1 / deviation : 0;
  }
  return { mean, inverse };
}
