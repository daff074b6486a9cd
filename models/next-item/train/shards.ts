// The rows of a step dealt out over sessions of one graph, a core each. Threads that share every operator wait for each
// other at every operator. The loss is a sum over rows: gradients add up.
import { encodeModel } from "../../graph/onnx.ts";
import { float32Output } from "../../runtime/feeds.ts";
import type { Runtime, Session, Tensor } from "../../runtime/runtime.ts";
import type { TrainConfig } from "../config.ts";
import type { EventFeatures } from "../data/features.ts";
import { buildStepGraph } from "./step-graph.ts";
import type { MaskPlan } from "./step-graph.ts";

/** What every shard needs whole; the rest is dealt out by rows. */
const SHARED: ReadonlySet<string> = new Set(["parameters", "negative_vectors"]);

/** What a shard's rows add to the loss and to its gradients. */
export type ShardGradients = {
  loss: number;
  parameters: Float32Array;
  /** Both [slots / shards, dim]. */
  items: Float32Array;
  targets: Float32Array;
  /** [negatives, dim] */
  negatives: Float32Array;
};

/** As many as there are cores, or the most below that into which the rows can be dealt evenly. */
function countShards(rows: number, cores: number): number {
  let shards = Math.min(rows, cores);
  while (rows % shards !== 0) shards--;
  return shards;
}

/** The step graph for a share of the rows, once for each core; `masks` are those of the whole step. */
export async function loadShards(
  config: TrainConfig,
  features: EventFeatures,
  runtime: Runtime,
): Promise<{ sessions: Session[]; masks: MaskPlan[] }> {
  const shards = countShards(config.batch, runtime.cores);
  const { graph, masks } = buildStepGraph({ ...config, batch: config.batch / shards }, features);
  const model = encodeModel(graph);
  const cores = Array.from({ length: shards }, (_, core) => core);
  return {
    sessions: await Promise.all(cores.map((core) => runtime.load(model, core))),
    masks: masks.map(({ name, shape: [rows = 0, ...rest], drop }) => ({
      name,
      shape: [rows * shards, ...rest],
      drop,
    })),
  };
}

/** Starts a run for each share of the rows. @param feeds of the whole step; what the graph has no input for is left out */
export function startShards(
  sessions: readonly Session[],
  feeds: Record<string, Tensor>,
): Promise<ShardGradients>[] {
  // The last first: what runs on the first core may block this thread, and the others should be on their way by then.
  const runs = sessions
    .map((session, shard) => ({ session, shard }))
    .toReversed()
    .map(({ session, shard }) =>
      runShard(session, dealFeeds(feeds, session, shard, sessions.length)),
    )
    .toReversed();
  // Who awaits them one after the other hears of the first failure; the others are no news.
  void Promise.allSettled(runs);
  return runs;
}

async function runShard(session: Session, feeds: Record<string, Tensor>): Promise<ShardGradients> {
  const result = await session.run(feeds);
  return {
    loss: float32Output(result, "loss")[0] ?? NaN,
    parameters: float32Output(result, "d_parameters"),
    items: float32Output(result, "d_item_vectors"),
    targets: float32Output(result, "d_target_vectors"),
    negatives: float32Output(result, "d_negative_vectors"),
  };
}

function dealFeeds(
  feeds: Record<string, Tensor>,
  { inputs }: Session,
  shard: number,
  shards: number,
): Record<string, Tensor> {
  const wanted = Object.entries(feeds).filter(([name]) => inputs.includes(name));
  const share = (tensor: Tensor): Tensor => {
    const [rows = 0, ...rest] = tensor.dims;
    const size = tensor.data.length / shards;
    const data = tensor.data.subarray(shard * size, (shard + 1) * size);
    return Object.assign({ ...tensor }, { data, dims: [rows / shards, ...rest] });
  };
  return Object.fromEntries(
    wanted.map(([name, tensor]) => [name, SHARED.has(name) ? tensor : share(tensor)]),
  );
}
