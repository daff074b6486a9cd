// ROC and precision-recall curves of a binary classifier. Examples with equal scores are one step: no order among
// them is assumed.

export type Point = { x: number; y: number };

/** Counts of examples at or above each distinct score, from the highest score down. */
type Step = { positives: number; negatives: number };

/** @param labels 1 for positive, 0 for negative; shape [examples]  @param scores any scale; shape [examples] */
function countSteps(labels: ArrayLike<number>, scores: ArrayLike<number>): Step[] {
  const order = Array.from(scores, (_, example) => example).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0),
  );
  const steps: Step[] = [];
  let [positives, negatives] = [0, 0];
  for (const [place, example] of order.entries()) {
    if (labels[example] === 1) positives++;
    else negatives++;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== scores[example])
      steps.push({ positives, negatives });
  }
  return steps;
}

/** From (0, 0) to (1, 1): false positive rate, true positive rate. Needs both classes. */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): Point[] {
  const steps = countSteps(labels, scores);
  const { positives, negatives } = steps.at(-1) ?? { positives: 0, negatives: 0 };
  const points = steps.map((step) => ({
    x: step.negatives / negatives,
    y: step.positives / positives,
  }));
  return [{ x: 0, y: 0 }, ...points];
}

/** Area under a curve of rising x, by trapezia. */
export function areaUnder(points: readonly Point[]): number {
  let area = 0;
  for (const [place, point] of points.entries()) {
    const before = points[place - 1];
    if (before !== undefined) area += ((point.x - before.x) * (point.y + before.y)) / 2;
  }
  return area;
}

/** The chance that a positive scores above a negative, ties half (Hanley & McNeil, 1982); NaN for one class alone. */
export function areaUnderRoc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return areaUnder(rocCurve(labels, scores));
}

/** Recall, precision; one point for each distinct score, from the highest down. */
export function precisionRecallCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): Point[] {
  const steps = countSteps(labels, scores);
  const all = steps.at(-1)?.positives ?? 0;
  return steps.map((step) => ({
    x: step.positives / all,
    y: step.positives / (step.positives + step.negatives),
  }));
}

/** Precision averaged over the gains in recall; without interpolation, which flatters (Davis & Goadrich, ICML 2006). */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let [sum, recall] = [0, 0];
  for (const point of precisionRecallCurve(labels, scores)) {
    sum += (point.x - recall) * point.y;
    recall = point.x;
  }
  return sum;
}
