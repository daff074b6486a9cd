// Which epoch of a training run is kept.

/** Epochs that reach this share of the best one's score are as good: a few thousand held-back examples tell no finer. */
const AS_GOOD = 0.99;

/**
 * Of the epochs that are as good as the best, the last: it has seen the most, at the lowest learning rate. Undefined
 * where there is none.
 *
 * @param score higher is better, from 0; NaN is never as good
 */
export function lastAsGood<T>(history: readonly T[], score: (epoch: T) => number): T | undefined {
  const scores = history.map(score).filter((each) => !Number.isNaN(each));
  const enough = AS_GOOD * Math.max(...scores);
  return history.findLast((epoch) => score(epoch) >= enough);
}
