// Finds the best few of many ids without sorting the many and without allocating.

/**
 * Moves the best `k` of `ids[0..count)` to the front, best first, and returns how many there are.
 * A heap of size k with the worst on top: O(count log k), and most ids are refused by one comparison.
 *
 * @param better a strict total order: true where id `a` goes before id `b`
 */
export function selectBest(
  ids: Int32Array,
  count: number,
  k: number,
  better: (a: number, b: number) => boolean,
): number {
  const size = Math.min(k, count);
  if (size <= 0) return 0;
  for (let root = (size >> 1) - 1; root >= 0; root--) sink(ids, root, size, better);
  for (let next = size; next < count; next++) {
    if (better(ids[next] ?? 0, ids[0] ?? 0)) {
      swap(ids, 0, next);
      sink(ids, 0, size, better);
    }
  }
  for (let end = size - 1; end > 0; end--) {
    swap(ids, 0, end);
    sink(ids, 0, end, better);
  }
  return size;
}

function swap(ids: Int32Array, a: number, b: number): void {
  const held = ids[a] ?? 0;
  ids[a] = ids[b] ?? 0;
  ids[b] = held;
}

/** Restores the heap below `root`: no id is better than its children are. */
function sink(
  ids: Int32Array,
  root: number,
  size: number,
  better: (a: number, b: number) => boolean,
): void {
  for (;;) {
    let worst = root;
    const left = 2 * root + 1;
    if (left < size && better(ids[worst] ?? 0, ids[left] ?? 0)) worst = left;
    if (left + 1 < size && better(ids[worst] ?? 0, ids[left + 1] ?? 0)) worst = left + 1;
    if (worst === root) return;
    swap(ids, root, worst);
    root = worst;
  }
}
