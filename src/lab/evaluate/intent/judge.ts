// Judges contenders on rows that none of them saw, and gives the figures that are told.
import { judgeFolds } from "../../../../models/evaluate/binary/cross-validate.ts";
import type { CrossValidation } from "../../../../models/evaluate/binary/cross-validate.ts";
import { areaUnderRoc } from "../../../../models/evaluate/binary/curves.ts";
import { stratifiedFolds } from "../../../../models/evaluate/folds.ts";
import type { IntentRow } from "../../../../models/intent/train/rows.ts";
import { labelOf } from "./contenders.ts";
import type { IntentContender } from "./contenders.ts";

export type JudgedIntent = {
  name: string;
  /** By the split in time. */
  ahead: CrossValidation;
  /** At the first add-to-cart of a session; NaN where there is none. */
  firstAddAuc: number;
  /** Over folds of shoppers; null where none were asked for. */
  folds: CrossValidation | null;
};

export type IntentQuestion = {
  learn: readonly IntentRow[];
  judge: readonly IntentRow[];
  /** Parts of the cross-validation by shopper; 0 for none. */
  folds: number;
  seed: number;
};

export async function judgeIntent(
  contender: IntentContender,
  { learn, judge, folds, seed }: IntentQuestion,
): Promise<JudgedIntent> {
  const probabilities = await contender.answer(learn, judge);
  const labels = judge.map(labelOf);
  const first = judge.flatMap(({ firstAdd }, index) => (firstAdd ? [index] : []));
  return {
    name: contender.name,
    ahead: judgeFolds([{ labels, probabilities }]),
    firstAddAuc:
      first.length === 0
        ? Number.NaN
        : areaUnderRoc(
            first.map((index) => labels[index] ?? 0),
            first.map((index) => probabilities[index] ?? 0),
          ),
    folds: folds === 0 ? null : await crossValidate(contender, learn, folds, seed),
  };
}

/** A shopper is learned from or judged, never both. */
async function crossValidate(
  contender: IntentContender,
  rows: readonly IntentRow[],
  folds: number,
  seed: number,
): Promise<CrossValidation> {
  const shoppers = rows.map(({ shopper }) => shopper);
  const answers = [];
  for (const { train, test } of stratifiedFolds(rows.map(labelOf), folds, seed, shoppers)) {
    const pick = (indexes: readonly number[]) => indexes.flatMap((index) => rows[index] ?? []);
    const asked = pick(test);
    const probabilities = await contender.answer(pick(train), asked);
    answers.push({ labels: asked.map(labelOf), probabilities });
  }
  return judgeFolds(answers);
}
