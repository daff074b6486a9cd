// Everything that learns, and one step of it: gathers rows, runs the step graph on each core, applies the gradients.
// The step is a pure function of this state, the rows and the step's number, whence a resumed run is exact.
import { DenseOptimiser } from "../graph/optimise/dense-optimiser.ts";
import { RowGradients } from "../graph/optimise/row-gradients.ts";
import { createRowOptimiser } from "../graph/optimise/row-optimiser.ts";
import type { RowOptimiser } from "../graph/optimise/row-optimiser.ts";
import { Random } from "../graph/random.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import type { TrainConfig } from "./config.ts";
import type { NextItemData, SessionSequence } from "./dataset.ts";
import type { EventFeatures } from "./features.ts";
import { ItemTower } from "./item-tower.ts";
import { modelParameters } from "./model.ts";
import { countClicks, createNegativeSampler } from "./negatives.ts";
import type { NegativeSampler } from "./negatives.ts";
import type { PackedRows } from "./packing.ts";
import { loadShards, runShards } from "./shards.ts";
import { buildStepFeeds, createStepBuffers } from "./step-feeds.ts";
import type { StepBuffers } from "./step-feeds.ts";
import { STREAM } from "./streams.ts";
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
  private readonly buffers: StepBuffers;

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
    this.buffers = createStepBuffers(config);
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
    const dense = await DenseOptimiser.create(
      modelParameters(config, features),
      random,
      config,
      runtime,
    );
    const step = await loadShards(config, features, runtime);
    const sampler = createNegativeSampler(clicks, config);
    return new Learner(config, features, tower, dense, sampler, step);
  }

  /** Negatives are expected as often as their items come up: [items]. To be said anew when an epoch shows other sessions. */
  expect(clicks: Float64Array): void {
    this.sampler = createNegativeSampler(clicks, this.config);
  }

  /** Learns from the rows of one step, `step` counted from 0. `rate` 0..1 scales both learning rates. Gives the loss. */
  async step(rows: PackedRows, step: number, rate: number): Promise<number> {
    const { config, tower, buffers } = this;
    const random = new Random(config.seed, STREAM.step, step);
    this.sampler.sample(random, rows.target, buffers.negativeItem);
    this.sampler.bias(rows, buffers.negativeItem, buffers.negativeBias, config.pointer);
    const hidden = this.hideItems(random);
    tower.gather(rows.item, hidden, buffers.itemVectors);
    tower.gather(rows.target, hidden, buffers.targetVectors);
    tower.gather(buffers.negativeItem, hidden, buffers.negativeVectors);

    const dense = { config, parameters: this.dense.parameters };
    const feeds = buildStepFeeds(dense, rows, buffers, this.masks, random);
    const shards = await runShards(this.sessions, feeds);
    this.sums.clear();
    const slots = rows.item.length / shards.length;
    for (const [shard, { items, targets, negatives }] of shards.entries()) {
      const share = (all: Int32Array) => all.subarray(shard * slots, (shard + 1) * slots);
      tower.scatter(share(rows.item), hidden, items, this.sums);
      tower.scatter(share(rows.target), hidden, targets, this.sums);
      tower.scatter(buffers.negativeItem, hidden, negatives, this.sums);
    }
    this.rowOptimiser.apply(tower.table, this.sums, config.rowLearningRate * rate);
    await this.dense.apply(addUp(shards.map(({ parameters }) => parameters)), rate, step);
    return shards.reduce((sum, { loss }) => sum + loss, 0);
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
