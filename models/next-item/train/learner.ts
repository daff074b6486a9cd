// Everything that learns, and one step of it: gathers rows, runs the step graph on each core, applies the gradients.
// The step is a pure function of this state, the rows and the step's number, so a resumed run is exact.
import { DenseOptimiser } from "../../optimise/dense-optimiser.ts";
import { RowGradients } from "../../optimise/row-gradients.ts";
import { createRowOptimiser } from "../../optimise/row-optimiser.ts";
import type { RowOptimiser } from "../../optimise/row-optimiser.ts";
import { Random } from "../../graph/random.ts";
import type { Runtime, Session } from "../../runtime/runtime.ts";
import type { TrainConfig } from "../config.ts";
import type { NextItemData, SessionSequence } from "../data/dataset.ts";
import type { EventFeatures } from "../data/features.ts";
import { ItemTower } from "../network/item-tower.ts";
import { modelParameters } from "../network/model.ts";
import { countClicks, createNegativeSampler } from "./negatives.ts";
import type { NegativeSampler } from "./negatives.ts";
import type { PackedRows } from "../data/packing.ts";
import { loadShards, startShards } from "./shards.ts";
import { createDrawBuffers, createVectorBuffers, drawFeeds, stateFeeds } from "./step-feeds.ts";
import type { DrawBuffers, StepDraw, VectorBuffers } from "./step-feeds.ts";
import { STREAM } from "../streams.ts";
import type { MaskPlan } from "./step-graph.ts";

export class Learner {
  readonly config: TrainConfig;
  readonly features: EventFeatures;
  readonly tower: ItemTower;
  readonly dense: DenseOptimiser;
  readonly rowOptimiser: RowOptimiser;
  /** Of the step graph, a core each. */
  private readonly sessions: readonly Session[];
  private readonly masks: readonly MaskPlan[];
  private sampler: NegativeSampler;
  private readonly sums: RowGradients;
  private readonly vectors: VectorBuffers;
  /** Of this step and of the next, by turns. */
  private readonly draws: DrawBuffers[] = [];

  private constructor(
    config: TrainConfig,
    features: EventFeatures,
    tower: ItemTower,
    dense: DenseOptimiser,
    sampler: NegativeSampler,
    step: { sessions: readonly Session[]; masks: readonly MaskPlan[] },
  ) {
    this.config = config;
    this.features = features;
    this.tower = tower;
    this.sampler = sampler;
    this.dense = dense;
    this.sessions = step.sessions;
    this.masks = step.masks;
    this.rowOptimiser = createRowOptimiser(config.rowOptimiser, tower.rows, tower.dim);
    this.sums = new RowGradients(tower.rows, tower.dim);
    this.vectors = createVectorBuffers(config);
  }

  /** A fresh learner for `sessions`, which may be a part of `data.sessions`. */
  static async create(
    data: NextItemData,
    sessions: readonly SessionSequence[],
    features: EventFeatures,
    config: TrainConfig,
    runtime: Runtime,
  ): Promise<Learner> {
    const clicks = countClicks(sessions, data.items);
    const tower = new ItemTower(data.items, config.dim, data.content ?? []);
    tower.initialise(
      new Random(config.seed, STREAM.table),
      Uint8Array.from(clicks, (n) => +(n > 0)),
    );
    const random = new Random(config.seed, STREAM.parameters);
    const step = await loadShards(config, features, runtime);
    const dense = await DenseOptimiser.create(
      modelParameters(config, features),
      random,
      config,
      runtime,
      step.sessions.length - 1,
    );
    const sampler = createNegativeSampler(clicks, config);
    return new Learner(config, features, tower, dense, sampler, step);
  }

  /** Negatives are expected as often as their items come up: [items]. To be said anew when an epoch shows other sessions. */
  expect(clicks: Float64Array): void {
    this.sampler = createNegativeSampler(clicks, this.config);
  }

  /** What step `step`, counted from 0, draws: also in the midst of the step before. It holds until step + 2 is drawn. */
  draw(rows: PackedRows, step: number): StepDraw {
    const { config, sampler } = this;
    const buffers = this.draws[step % 2] ?? createDrawBuffers(config);
    this.draws[step % 2] = buffers;
    const { negativeItem, negativeBias } = buffers;
    const random = new Random(config.seed, STREAM.step, step);
    sampler.sample(random, rows.target, negativeItem);
    sampler.bias(rows, negativeItem, negativeBias, config.pointer);
    const hidden = this.hideItems(random);
    const feeds = drawFeeds(config, rows, buffers, this.masks, random);
    return { step, rows, negativeItem, hidden, feeds };
  }

  /**
   * Learns from one step's rows. `rate` 0..1 scales both learning rates. Gives the loss.
   *
   * @param meanwhile done while another core updates the dense parameters
   */
  async step(draw: StepDraw, rate: number, meanwhile?: () => void): Promise<number> {
    const { config, tower, vectors } = this;
    const { step, rows, negativeItem, hidden } = draw;
    tower.gather(rows.item, hidden, vectors.itemVectors);
    tower.gather(rows.target, hidden, vectors.targetVectors);
    tower.gather(negativeItem, hidden, vectors.negativeVectors);

    const state = stateFeeds(config, this.dense.parameters, vectors);
    const running = startShards(this.sessions, { ...draw.feeds, ...state });
    const slots = rows.item.length / running.length;
    const parameters: Float32Array[] = [];
    let loss = 0;
    this.sums.clear();
    for (const [shard, run] of running.entries()) {
      const gradients = await run;
      const share = (all: Int32Array) => all.subarray(shard * slots, (shard + 1) * slots);
      tower.scatter(share(rows.item), hidden, gradients.items, this.sums);
      tower.scatter(share(rows.target), hidden, gradients.targets, this.sums);
      tower.scatter(negativeItem, hidden, gradients.negatives, this.sums);
      parameters.push(gradients.parameters);
      loss += gradients.loss;
    }
    const dense = this.dense.apply(addUp(parameters), rate, step);
    this.rowOptimiser.apply(tower.table, this.sums, config.rowLearningRate * rate);
    meanwhile?.();
    await dense;
    return loss;
  }

  async release(): Promise<void> {
    await Promise.all([this.dense, ...this.sessions].map((held) => held.release()));
  }

  /** Which items go by their content alone in this step; none where there is no content. */
  private hideItems(random: Random): Uint8Array | null {
    if (this.tower.content.length === 0 || this.config.itemDropout === 0) return null;
    const kept = new Uint8Array(this.tower.items);
    random.keepMask(kept, this.config.itemDropout);
    return kept.map((keep) => 1 - keep);
  }
}

/** Adds the others to the first, in the order given, so that the sum is the same in every run. */
function addUp(parts: readonly Float32Array[]): Float32Array {
  const [sum = new Float32Array(), ...others] = parts;
  for (const other of others) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (other[i] ?? 0);
  }
  return sum;
}
