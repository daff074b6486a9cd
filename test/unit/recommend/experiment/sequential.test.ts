// The statistics of experiments by simulation: how often they cry wolf though they are looked at all the time, and
// how often they see what is there.
import { logGamma } from "../../../../durable/state/arithmetic.ts";
import { describe, expect, it } from "vitest";
import { Random } from "../../../../models/graph/random.ts";
import { Experiment } from "../../../../src/recommend/experiment/contract.ts";
import { judgeInterleaving, judgeSplit } from "../../../../src/recommend/experiment/judge.ts";
import { compareMeans, testShares } from "../../../../src/recommend/experiment/sequential.ts";
import type { Sample } from "../../../../src/recommend/experiment/sequential.ts";

const ALPHA = 0.05;
const PLANNED = 4000;
const LOOK_EVERY = 100;
const TRIALS = 400;

function add(sample: Sample, value: number): void {
  sample.n += 1;
  sample.sum += value;
  sample.squares += value * value;
}

const none = (): Sample => ({ n: 0, sum: 0, squares: 0 });

/** How the classical test would judge: right for one look, wrong for many. */
function isSignificantOnce(a: Sample, b: Sample): boolean {
  const variance = ({ n, sum, squares }: Sample) => (squares - (sum * sum) / n) / (n - 1) / n;
  const difference = b.sum / b.n - a.sum / a.n;
  return Math.abs(difference) > 1.96 * Math.sqrt(variance(a) + variance(b));
}

/** Share of trials in which any look at two streams of shoppers says that they differ. */
function simulate(draw: (random: Random, isOther: boolean) => number, shoppers: number, truth = 0) {
  let alarms = 0;
  let naive = 0;
  let excluded = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const random = new Random(trial, 1);
    const [a, b] = [none(), none()];
    let [alarm, fooled, outside] = [false, false, false];
    for (let i = 1; i <= shoppers; i++) {
      add(a, draw(random, false));
      add(b, draw(random, true));
      if (i % LOOK_EVERY !== 0) continue;
      const result = compareMeans(a, b, ALPHA, PLANNED);
      if (result === null) continue;
      alarm ||= result.p < ALPHA;
      fooled ||= isSignificantOnce(a, b);
      outside ||= result.low > truth || result.high < truth;
    }
    alarms += Number(alarm);
    naive += Number(fooled);
    excluded += Number(outside);
  }
  return { alarms: alarms / TRIALS, naive: naive / TRIALS, excluded: excluded / TRIALS };
}

describe("a confidence sequence", () => {
  it("keeps its promise under peeking, where the classical test does not", () => {
    const rare = simulate((random) => Number(random.uniform() < 0.05), 5000);
    expect(rare.alarms).toBeLessThanOrEqual(ALPHA + 0.02);
    expect(rare.naive).toBeGreaterThan(0.2);
    expect(rare.excluded).toBe(rare.alarms);
  });

  it("keeps it for money too, which few spend and some spend much of", () => {
    const spend = (random: Random) =>
      random.uniform() < 0.1 ? Math.exp(3 + 2 * random.uniform() + 2 * random.uniform()) : 0;
    expect(simulate(spend, 4000).alarms).toBeLessThanOrEqual(ALPHA + 0.02);
  });

  it("sees a real difference in most trials, and its interval holds the truth at all looks", () => {
    const real = simulate(
      (random, isOther) => Number(random.uniform() < (isOther ? 0.13 : 0.1)),
      5000,
      0.03,
    );
    expect(real.alarms).toBeGreaterThan(0.8);
    expect(real.excluded).toBeLessThanOrEqual(ALPHA + 0.02);
  });

  it("says nothing too early, nor of what never happened", () => {
    const few = { n: 99, sum: 50, squares: 50 };
    expect(compareMeans(few, few, ALPHA, PLANNED)).toBe(null);
    const never = { n: 1000, sum: 0, squares: 0 };
    expect(compareMeans(never, never, ALPHA, PLANNED)).toBe(null);
  });
});

describe("the test of shares", () => {
  it("cries wolf seldom under peeking and finds a leak of shoppers", () => {
    const alarms = (share: number) => {
      let count = 0;
      for (let trial = 0; trial < TRIALS; trial++) {
        const random = new Random(trial, 2);
        const counts = [0, 0];
        let alarm = false;
        for (let i = 1; i <= 10_000; i++) {
          const side = random.uniform() < share ? 0 : 1;
          counts[side] = (counts[side] ?? 0) + 1;
          if (i % LOOK_EVERY === 0) alarm ||= testShares(counts, [0.5, 0.5]) < ALPHA;
        }
        count += Number(alarm);
      }
      return count / TRIALS;
    };
    expect(alarms(0.5)).toBeLessThanOrEqual(ALPHA + 0.02);
    expect(alarms(0.54)).toBeGreaterThan(0.95);
  });

  it("rests on a gamma function that is one", () => {
    let logFactorial = 0;
    for (let n = 1; n <= 170; n++) {
      expect(logGamma(n)).toBeCloseTo(logFactorial, 9);
      logFactorial += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 10);
  });
});

describe("the verdict", () => {
  const experiment = Experiment.parse({
    experiment_id: "e",
    status: "running",
    surfaces: ["home"],
    metric: "click",
    variants: [{ name: "a" }, { name: "b" }],
  });
  const money = { n: 5000, sum: 0, squares: 0 };
  const sample = (variant: string, shoppers: number, clicked: number) => ({
    variant,
    shoppers,
    click: { n: shoppers, sum: clicked, squares: clicked },
    conversion: money,
    revenue: money,
  });
  const verdict = (a: [number, number], b: [number, number]) =>
    judgeSplit(experiment, [sample("a", ...a), sample("b", ...b)]).verdict;

  it("follows from the interval of the chosen metric, unless shoppers leaked", () => {
    expect(verdict([5000, 500], [5000, 650])).toBe("better");
    expect(verdict([5000, 650], [5000, 500])).toBe("worse");
    expect(verdict([5000, 500], [5000, 510])).toBe("no_difference_yet");
    expect(verdict([20, 1], [22, 9])).toBe("too_early");
    expect(verdict([5000, 500], [4300, 650])).toBe("sample_ratio_mismatch");
  });

  it("of an interleaving follows from wins", () => {
    const of = (control: number, other: number) =>
      judgeInterleaving(experiment, { shoppers: 5000, control, other });
    expect(of(300, 420)).toMatchObject({ verdict: "better", preference: { estimate: 120 / 720 } });
    expect(of(420, 300).verdict).toBe("worse");
    expect(of(300, 310).verdict).toBe("no_difference_yet");
    expect(of(0, 0)).toMatchObject({ verdict: "too_early", preference: null });
  });
});
