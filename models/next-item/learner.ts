// Everything that learns, and one step of it: gathers rows, runs the step graph, scatters the row gradients.
// The step is a pure function of this state, the rows and the step's number, whence a resumed run is exact.
import { encodeModel } from "../graph/onnx.ts";
import { biasCorrection } from "../graph/optimise/adamw.ts";
import { initialise } from "../graph/optimise/parameters.ts";
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
import { buildStepFeeds, float32Output } from "./step-feeds.ts";
import type { StepBuffers } from "./step-feeds.ts";
import { createStepBuffers } from "./step-feeds.ts";
import { STREAM } from "./streams.ts";
import { buildStepGraph } from "./step-graph.ts";
import type { MaskPlan } from "./step-graph.ts";

export class Learner {
  readonly config: TrainConfig;
  readonly features: EventFeatures;
  readonly tower: ItemTower;
  parameters: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
  readonly rowOptimiser: RowOptimiser;
  private readonly session: Session;
  private readonly masks: readonly MaskPlan[];
  private sampler: NegativeSampler;
  private readonly sums: RowGradients;
  private readonly buffers: StepBuffers;

  private constructor(
    config: TrainConfig,
    features: EventFeatures,
    tower: ItemTower,
    sampler: NegativeSampler,
    step: { session: Session; masks: readonly MaskPlan[] },
  ) {
    this.config = config;
    this.features = features;
    this.tower = tower;
    this.sampler = sampler;
    this.session = step.session;
    this.masks = step.masks;
    const random = new Random(config.seed, STREAM.parameters);
    this.parameters = initialise(modelParameters(config, features), random);
    this.mean = new Float32Array(this.parameters.length);
    this.variance = new Float32Array(this.parameters.length);
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
    const { graph, masks } = buildStepGraph(config, features);
    const session = await runtime.load(encodeModel(graph));
    return new Learner(config, features, tower, createNegativeSampler(clicks, config), {
      session,
      masks,
    });
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

    const feeds = buildStepFeeds(this, rows, buffers, {
      random,
      masks: this.masks,
      learningRate: config.learningRate * rate,
      correction: biasCorrection(step + 1),
    });
    for (const name of Object.keys(feeds))
      if (!this.session.inputs.includes(name)) delete feeds[name];
    const results = await this.session.run(feeds);
    this.parameters = float32Output(results, "next_parameters");
    this.mean = float32Output(results, "next_mean");
    this.variance = float32Output(results, "next_variance");

    this.sums.clear();
    tower.scatter(rows.item, hidden, float32Output(results, "d_item_vectors"), this.sums);
    tower.scatter(rows.target, hidden, float32Output(results, "d_target_vectors"), this.sums);
    const dNegatives = float32Output(results, "d_negative_vectors");
    tower.scatter(buffers.negativeItem, hidden, dNegatives, this.sums);
    this.rowOptimiser.apply(tower.table, this.sums, config.rowLearningRate * rate);
    return float32Output(results, "loss")[0] ?? NaN;
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Which items go by their content alone in this step; none where there is no content. */
  private hideItems(random: Random): Uint8Array | null {
    if (this.tower.content.length === 0 || this.config.itemDropout === 0) return null;
    const kept = new Uint8Array(this.tower.items);
    random.keepMask(kept, this.config.itemDropout);
    return kept.map((keep) => 1 - keep);
  }
}
