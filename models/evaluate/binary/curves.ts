// ROC and precision-recall curves of a binary classifier. Examples with equal scores are one step: no order among
// them is assumed.
import { sortByLabel, stepsDown } from "./sorted-scores.ts";
import type { SortedScores } from "./sorted-scores.ts";

export type Point = { x: number; y: number };

/** From (0, 0) to (1, 1): false positive rate, true positive rate. Needs both classes. */
export function* rocPoints(scores: SortedScores): Generator<Point> {
  const [positives, negatives] = [scores.positives.length, scores.negatives.length];
  yield { x: 0, y: 0 };
  for (const step of stepsDown(scores)) {
    yield { x: step.negatives / negatives, y: step.positives / positives };
  }
}

/** Recall, precision; one point for each distinct score, from the highest down. */
export function* precisionRecallPoints(scores: SortedScores): Generator<Point> {
  const all = scores.positives.length;
  for (const { positives, negatives } of stepsDown(scores)) {
    yield { x: positives / all, y: positives / (positives + negatives) };
  }
}

/** Area under a curve of rising x, by trapezia. */
export function areaUnder(points: Iterable<Point>): number {
  let [area, before]: [number, Point | null] = [0, null];
  for (const point of points) {
    if (before !== null) area += ((point.x - before.x) * (point.y + before.y)) / 2;
    before = point;
  }
  return area;
}

/** Precision averaged over the gains in recall; without interpolation, which flatters (Davis & Goadrich, ICML 2006). */
export function areaByGains(points: Iterable<Point>): number {
  let [sum, recall] = [0, 0];
  for (const point of points) {
    sum += (point.x - recall) * point.y;
    recall = point.x;
  }
  return sum;
}

/** Leaves out points nearer than this to the last one that was kept, along both axes together; keeps both ends. */
export function thinCurve(points: Iterable<Point>, nearer: number): Point[] {
  const kept: Point[] = [];
  let last: Point | undefined;
  for (const point of points) {
    const before = kept.at(-1);
    const moved = before && Math.abs(point.x - before.x) + Math.abs(point.y - before.y);
    if (moved === undefined || moved >= nearer) kept.push(point);
    last = point;
  }
  if (last !== undefined && last !== kept.at(-1)) kept.push(last);
  return kept;
}

/** The chance that a positive scores above a negative, ties half (Hanley & McNeil, 1982); NaN for one class alone. */
export function areaUnderRoc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return areaUnder(rocPoints(sortByLabel(labels, scores)));
}
