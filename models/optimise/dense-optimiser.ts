// The dense parameters of a model with what AdamW remembers of them. Their update is a graph of its own, so that
// gradients can come from several runs.
import { float32Output, floats } from "../runtime/feeds.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { shareableFloats } from "../runtime/shareable.ts";
import { Graph } from "../graph/graph.ts";
import { encodeModel } from "../graph/onnx.ts";
import type { Random } from "../graph/random.ts";
import { adamW, biasCorrection } from "./adamw.ts";
import { countParameters, decayMask, initialise } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";

export type DenseSettings = {
  learningRate: number;
  weightDecay: number;
  /** Longest gradient that is taken as it is. */
  clipNorm: number;
};

export class DenseOptimiser {
  /** In the order in which they were declared, flat: [n]. So are the moments. Each keeps its memory. */
  readonly parameters: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  private readonly session: Session;
  private readonly learningRate: number;

  private constructor(session: Session, parameters: Float32Array, learningRate: number) {
    this.session = session;
    this.learningRate = learningRate;
    this.parameters = shareableFloats(parameters.length);
    this.parameters.set(parameters);
    this.mean = shareableFloats(parameters.length);
    this.variance = shareableFloats(parameters.length);
  }

  /** First values are drawn from `random`. @param core whose time updates take */
  static async create(
    parameters: readonly Parameter[],
    random: Random,
    settings: DenseSettings,
    runtime: Runtime,
    core = 0,
  ): Promise<DenseOptimiser> {
    // On one core: idle threads of a session of several spin for a while, and would take the next step's core from it.
    const session = await runtime.load(encodeModel(buildUpdateGraph(parameters, settings)), core);
    return new DenseOptimiser(session, initialise(parameters, random), settings.learningRate);
  }

  /** @param gradient [n] @param rate scales the learning rate, 0..1 @param step counted from 0 */
  async apply(gradient: Float32Array, rate: number, step: number): Promise<void> {
    const results = await this.session.run({
      parameters: floats(this.parameters),
      mean: floats(this.mean),
      variance: floats(this.variance),
      gradient: floats(gradient),
      learning_rate: floats(Float32Array.of(this.learningRate * rate), []),
      correction: floats(biasCorrection(step + 1)),
    });
    this.parameters.set(float32Output(results, "next_parameters"));
    this.mean.set(float32Output(results, "next_mean"));
    this.variance.set(float32Output(results, "next_variance"));
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/**
 * Inputs: parameters, mean, variance, gradient [n]; learning_rate []; correction [2]. Outputs: next_parameters, next_mean,
 * next_variance [n].
 */
function buildUpdateGraph(
  parameters: readonly Parameter[],
  { weightDecay, clipNorm }: DenseSettings,
): Graph {
  const graph = new Graph();
  const shape = [countParameters(parameters)];
  const state = {
    parameters: graph.input("parameters", shape),
    mean: graph.input("mean", shape),
    variance: graph.input("variance", shape),
  };
  const next = adamW(state, graph.input("gradient", shape), {
    learningRate: graph.input("learning_rate", []),
    correction: graph.input("correction", [2]),
    weightDecay,
    decayMask: decayMask(graph, parameters),
    clipNorm,
  });
  graph.output("next_parameters", next.parameters);
  graph.output("next_mean", next.mean);
  graph.output("next_variance", next.variance);
  return graph;
}
