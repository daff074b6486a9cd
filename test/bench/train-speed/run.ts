// How fast one training step is: `node test/bench/train-speed/run.ts [--python <interpreter with torch>]`.
// With an interpreter, the same model takes the same steps eagerly in PyTorch, in turns with ours, on one thread each.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { completeConfig } from "../../../models/next-item/config.ts";
import { orderRows, packEpoch, stepRows } from "../../../models/next-item/train/epoch.ts";
import { Learner } from "../../../models/next-item/train/learner.ts";
import { takeRows } from "../../../models/next-item/data/packing.ts";
import type { StepDraw } from "../../../models/next-item/train/step-feeds.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { randomSessions } from "./random-sessions.ts";

const ITEMS = 36_968;
const SESSIONS = 8000;
/** Steps before the clock starts, and measured ones of a round; rounds alternate between the two sides. */
const WARM_UP = 10;
const STEPS = 60;
const ROUNDS = 5;

/** CPU ms (all threads) and wall ms of one step. */
type Cost = { cpu: number; wall: number };

const { values } = parseArgs({
  options: { python: { type: "string" }, threads: { type: "string", default: "1" } },
});
const config = completeConfig();
const data = { items: ITEMS, sessions: randomSessions(SESSIONS, ITEMS) };
const runtime = createNodeRuntime({ threads: Number(values.threads) });
const features = { types: 0, gaps: false };
const learner = await Learner.create(data, data.sessions, features, config, runtime);
const rows = packEpoch(data.sessions, config, config.epochs - 1, config.epochs);
const order = orderRows(rows, config.seed, 0);
const filled =
  rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0) / rows.target.length;
let step = 0;

function draw(at: number): StepDraw {
  const batch = stepRows(order, at % Math.floor(rows.rows / config.batch), config.batch);
  return learner.draw(takeRows(rows, batch), at);
}

async function takeSteps(count: number): Promise<Cost> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  let next = draw(step);
  for (let i = 0; i < count; i++) {
    const now = next;
    step++;
    await learner.step(now, 1, () => (next = draw(step)));
  }
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1000 / count, wall: (performance.now() - wall) / count };
}

function takeTorchSteps(python: string): Cost {
  const script = join(import.meta.dirname, "eager_step.py");
  const settings = JSON.stringify({ ...config, items: ITEMS, steps: STEPS, warm_up: WARM_UP });
  const cost: Cost = JSON.parse(execFileSync(python, [script, settings], { encoding: "utf8" }));
  return cost;
}

function show(name: string, costs: readonly Cost[]): void {
  const cpu = costs.map((cost) => cost.cpu);
  const { length, dim, layers, batch } = config;
  const slots = batch * length;
  const clicks = (slots * filled * 1000) / median(costs.map(({ wall }) => wall));
  console.log(
    `${name}: ${spread(cpu)} ms CPU a step, ${spread(costs.map(({ wall }) => wall))} ms wall, ` +
      `${Math.round(clicks)} clicks/s (${config.encoder}, ${layers} layer, dim ${dim}, ${batch} x ${length} slots)`,
  );
}

function median(xs: readonly number[]): number {
  return xs.toSorted((a, b) => a - b)[xs.length >> 1] ?? NaN;
}

/** "median (min to max)" */
function spread(xs: readonly number[]): string {
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  return `${median(xs).toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

await takeSteps(WARM_UP);
const [ours, theirs]: [Cost[], Cost[]] = [[], []];
for (let round = 0; round < ROUNDS; round++) {
  ours.push(await takeSteps(STEPS));
  if (values.python) theirs.push(takeTorchSteps(values.python));
}
show(`ONNX Runtime, ${values.threads} thread`, ours);
if (values.python) {
  show("PyTorch, eager, 1 thread", theirs);
  const ratios = theirs.map(({ cpu }, round) => cpu / (ours[round]?.cpu ?? NaN));
  console.log(`PyTorch's step costs ${spread(ratios)} times ours in CPU.`);
}
await learner.release();
