// `npm run evaluate` from files to figures, on a log small enough to know the answers.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { groupPairs, splitByOrder, splitByTestFile } from "../../../src/lab/evaluate/split.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** After 1 always comes 2; 9 is the bestseller. */
const train = write("train.txt", [
  ...Array.from({ length: 30 }, () => "1 2"),
  ...Array.from({ length: 10 }, () => "9 9 9 9 9 9 9 9"),
  ...Array.from({ length: 30 }, (_, index) => `${100 + index} ${200 + index}`),
]);
const test = write("test.txt", ["9 1\t2", "9\t1", "1\t2", "1\tnew", "new\t2"]);

const Results = z.object({
  results: z.array(z.looseObject({ model: z.string(), "hr@20": z.number(), "mrr@5": z.number() })),
});

async function evaluate(...args: readonly string[]) {
  const command = ["src/cli/evaluate.ts", "--task", "next-item", "--no-encoder", ...args];
  return promisify(execFile)(process.execPath, command);
}

describe("the command", () => {
  it("ends with one line of JSON that ranks what it should, and writes the report", async () => {
    const report = join(folder, "deep", "report.html");
    const { stdout } = await evaluate(
      "--train",
      train,
      "--test",
      test,
      "--json",
      "--report",
      report,
    );
    const line = stdout.trimEnd().split("\n").at(-1) ?? "";
    const { results } = Results.parse(JSON.parse(line));
    const markov = results.find(({ model }) => model === "markov");
    // Two of five contexts end in 1 and lead to 2; 9 leads to 9 only; "new" is unknown.
    expect(markov).toMatchObject({ "hr@20": 40, "mrr@5": 40 });
    const popularity = results.find(({ model }) => model === "popularity");
    // 9 leads; 1 and 2 have equal clicks, so each counts as third.
    expect(popularity?.["mrr@5"]).toBeCloseTo((100 * (3 / 3)) / 5, 2);
    expect(results.map(({ model }) => model)).toContain("vmis-knn");
    const recent = results.find(({ model }) => model === "recently-viewed");
    // The one answer that its session has seen is no item of train.
    expect(recent).toMatchObject({ "hr@20": 0, slices: { new: { examples: 5, "hr@20": 0 } } });
    expect(readFileSync(report, "utf8")).toContain("vmis-knn");
  });

  it("ends with a sentence where a file is missing, or nothing to judge by is named", async () => {
    await expect(evaluate("--train", "/nowhere.txt", "--validate")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no file at /nowhere.txt."),
    });
    await expect(evaluate("--train", train)).rejects.toMatchObject({
      stderr: expect.stringContaining("Say either --test <file> or --validate"),
    });
  });
});

describe("splits", () => {
  it("drops unknown items from contexts and keeps unknown targets as misses", async () => {
    const { examples } = await splitByTestFile(train, test);
    expect(examples.map(({ context, target }) => [context.length, target >= 0])).toEqual([
      [2, true],
      [1, true],
      [1, true],
      [1, false],
      [0, true],
    ]);
  });

  it("judges by the last tenth of the sessions and learns from the others", async () => {
    const { data, examples, clicks } = await splitByOrder(train);
    expect(data.sessions).toHaveLength(63);
    expect(examples).toHaveLength(7);
    expect(clicks.reduce((sum, count) => sum + count, 0)).toBe(30 * 2 + 10 * 8 + 23 * 2);
  });

  it("groups the prefixes of one session, in either order", () => {
    const pair = (context: string, target: string) => ({ context: context.split(""), target });
    const pairs = [
      pair("abc", "d"),
      pair("ab", "c"),
      pair("a", "b"),
      pair("a", "c"),
      pair("ac", "b"),
    ];
    expect(groupPairs(pairs)).toEqual([0, 0, 0, 1, 1]);
  });
});
