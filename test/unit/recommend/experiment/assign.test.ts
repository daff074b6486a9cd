// Who sees what: sticky, in the planned shares, independent between experiments; and one list drafted from two rankings.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { assignVariant, drawShare } from "../../../../src/recommend/experiment/assign.ts";
import { Experiment } from "../../../../src/recommend/experiment/contract.ts";
import { testShares } from "../../../../src/recommend/experiment/sequential.ts";
import { draftTeams, tossFrom } from "../../../../src/recommend/experiment/team-draft.ts";

const SHOPPERS = Array.from({ length: 20_000 }, (_, i) => `shopper-${i}`);

function declare(experiment_id: string, more: object = {}): Experiment {
  const variants = [{ name: "a", weight: 3 }, { name: "b" }];
  return Experiment.parse({
    experiment_id,
    status: "running",
    surfaces: ["home"],
    variants,
    ...more,
  });
}

it("assigns by hash alone, in the planned shares, otherwise in each experiment", () => {
  const counts = [0, 0];
  const crossed = [0, 0];
  for (const shopper of SHOPPERS) {
    const variant = assignVariant(declare("one"), shopper)?.name;
    expect(assignVariant(declare("one"), shopper)?.name).toBe(variant);
    const index = variant === "a" ? 0 : 1;
    counts[index] = (counts[index] ?? 0) + 1;
    if (variant !== "a") continue;
    const there = assignVariant(declare("two"), shopper)?.name === "a" ? 0 : 1;
    crossed[there] = (crossed[there] ?? 0) + 1;
  }
  expect(testShares(counts, [0.75, 0.25])).toBeGreaterThan(0.01);
  expect(testShares(crossed, [0.75, 0.25])).toBeGreaterThan(0.01);
});

it("moves nobody from variant to variant when more take part", () => {
  let some = 0;
  for (const shopper of SHOPPERS.slice(0, 2000)) {
    const few = assignVariant(declare("one", { traffic: 0.2 }), shopper)?.name;
    if (few === undefined) continue;
    some += 1;
    expect(assignVariant(declare("one", { traffic: 0.7 }), shopper)?.name).toBe(few);
  }
  expect(some / 2000).toBeCloseTo(0.2, 1);
  expect(SHOPPERS.every((shopper) => drawShare("salt", shopper) < 1)).toBe(true);
});

it("refuses an experiment that makes no sense", () => {
  const two = [{ name: "a" }, { name: "b" }];
  for (const change of [
    { variants: [{ name: "a" }] },
    { variants: [{ name: "a" }, { name: "a" }] },
    { surfaces: [] },
    { surfaces: ["home", "similar"] },
    { kind: "shadow", variants: [{ name: "a", policy: { diversity: 1 } }, { name: "b" }] },
    { kind: "shadow", variants: [...two, { name: "c" }] },
    { variants: [{ name: "a" }, { name: "b", models: {} }] },
    { variants: [{ name: "a" }, { name: "b", models: { next_item: "../v2" } }] },
    { traffic: 2 },
    { kind: "interleaving", variants: [...two, { name: "c" }] },
    { kind: "interleaving", variants: [{ name: "a" }, { name: "b", policy: { exclude: ["x"] } }] },
  ]) {
    expect(() => declare("e", change)).toThrow();
  }
  expect(declare("e", { kind: "interleaving", variants: two }).variants).toHaveLength(2);
});

const ranking = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 30 });

it("drafts all of both rankings once, and lets each team have its best that is left", () => {
  fc.assert(
    fc.property(ranking, ranking, fc.integer(), (first, second, seed) => {
      const drafted = draftTeams(first, second, tossFrom(seed));
      const items = drafted.map(({ item }) => item);
      expect(new Set(items)).toEqual(new Set([...first, ...second]));
      expect(new Set(items).size).toBe(items.length);
      const taken = new Set<number>();
      for (const { item, team } of drafted) {
        const own = team === 0 ? first : second;
        expect(own.find((each) => !taken.has(each))).toBe(item);
        taken.add(item);
      }
      // While neither has run out, the teams never differ by more than one.
      const shared = Math.min(first.length, second.length);
      for (let cut = 0; cut <= Math.min(shared, drafted.length); cut++) {
        const ahead = drafted.slice(0, cut).filter(({ team }) => team === 0).length * 2 - cut;
        expect(Math.abs(ahead)).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it("gives equal rankings equal chances at the first rank", () => {
  const first = SHOPPERS.slice(0, 4000).map((_, seed) => draftTeams([1], [2], tossFrom(seed))[0]);
  const wins = first.filter((picked) => picked?.team === 0).length;
  expect(testShares([wins, 4000 - wins], [0.5, 0.5])).toBeGreaterThan(0.01);
});
