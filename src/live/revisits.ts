// How likely a shopper looks again at something touched before, and at what: counted from the clicks of all shoppers as
// they come. A shop needs no model for it, and each shop has its own habits. Items are numbers of anybody's choice.

/** Touches of a shopper that are looked back on; distinct items that may come again. */
const MAX_TOUCHES = 50;
export const MAX_REVISITS = 30;
/** Shoppers whose touches are held: those of some hours of a large shop, 3 MB. */
const MAX_SHOPPERS = 2 ** 12;

/** Lower bounds of the groups in which positions from the latest item back are counted, and numbers of distinct items. */
const POSITIONS = [0, 1, 2, 3, 4, 6, 10];
const DISTINCT = [1, 2, 3, 4, 8];
/** Touches of one item; more say no more. */
const MANY = 3;

/**
 * A group of which little was seen is drawn to the wider one that it is part of, as if that had been seen so often, and
 * the widest to what two public logs have in common: the latest items come again, a quarter of the time one of them.
 */
const PRIOR = 20;
const PRIOR_BY_POSITION = [0.25, 0.16, 0.09, 0.06, 0.04, 0.02, 0.01];
const PRIOR_NEW = 0.6;

/** Distinct items, the latest touch first, with the number of touches of each. */
export type Touched = { items: number[]; times: number[]; lastWasRepeat: boolean };

/** `again[i]`: the probability that item i comes next; `fresh`: that it is one that the shopper has not touched. */
export type RevisitOdds = { again: number[]; fresh: number };

export class Revisits {
  readonly #touches = new Map<string, number[]>();
  /** By group, from the widest to the narrowest: how often an item of it could have come, and how often it came. */
  readonly #could: readonly Float64Array[] = makeTables();
  readonly #came: readonly Float64Array[] = makeTables();
  readonly #asked = new Float64Array(DISTINCT.length + 1);
  readonly #fresh = new Float64Array(DISTINCT.length + 1);

  /** @param isChoice a look at an item, which the shopper might have given another; else a step that follows from one */
  observe(shopper: string, item: number, isChoice: boolean): void {
    const touches = this.#touches.get(shopper) ?? [];
    if (isChoice && touches.length > 0) this.#learn(listTouched(touches), item);
    touches.push(item);
    if (touches.length > MAX_TOUCHES) touches.shift();
    // The latest last, so that the first is the one to go.
    this.#touches.delete(shopper);
    this.#touches.set(shopper, touches);
    if (this.#touches.size <= MAX_SHOPPERS) return;
    for (const oldest of this.#touches.keys()) {
      this.#touches.delete(oldest);
      return;
    }
  }

  /** An anonymous shopper has become a user. */
  link(from: string, to: string): void {
    const touches = this.#touches.get(from);
    if (touches === undefined) return;
    this.#touches.delete(from);
    this.#touches.set(to, [...(this.#touches.get(to) ?? []), ...touches].slice(-MAX_TOUCHES));
  }

  judge(touched: Touched): RevisitOdds {
    const again = touched.items.map((_, position) => this.#oddsOf(touched, position));
    const group = groupOf(DISTINCT, touched.items.length);
    const asked = (this.#asked[group] ?? 0) + PRIOR;
    return { again, fresh: ((this.#fresh[group] ?? 0) + PRIOR * PRIOR_NEW) / asked };
  }

  #oddsOf(touched: Touched, position: number): number {
    let odds = PRIOR_BY_POSITION[groupOf(POSITIONS, position)] ?? 0;
    for (const [level, cell] of cellsOf(touched, position).entries()) {
      const could = (this.#could[level]?.[cell] ?? 0) + PRIOR;
      odds = ((this.#came[level]?.[cell] ?? 0) + PRIOR * odds) / could;
    }
    return odds;
  }

  #learn(touched: Touched, item: number): void {
    for (const [position, each] of touched.items.entries()) {
      for (const [level, cell] of cellsOf(touched, position).entries()) {
        addOne(this.#could[level], cell);
        if (each === item) addOne(this.#came[level], cell);
      }
    }
    const group = groupOf(DISTINCT, touched.items.length);
    addOne(this.#asked, group);
    if (!touched.items.includes(item)) addOne(this.#fresh, group);
  }
}

/** @param touches oldest first */
export function listTouched(touches: readonly number[]): Touched {
  const times = new Map<number, number>();
  for (let index = touches.length - 1; index >= 0; index--) {
    const item = touches[index] ?? -1;
    const held = times.get(item);
    if (held !== undefined) times.set(item, held + 1);
    else if (times.size < MAX_REVISITS) times.set(item, 1);
  }
  return {
    items: [...times.keys()],
    times: [...times.values()],
    lastWasRepeat: touches.length > 1 && touches.at(-1) === touches.at(-2),
  };
}

/** The groups that an item is counted in: by position and touches, by the number of items too, by the last step too. */
function cellsOf({ items, times, lastWasRepeat }: Touched, position: number): number[] {
  const widest = groupOf(POSITIONS, position) * MANY + Math.min(MANY, times[position] ?? 1) - 1;
  const middle = widest * DISTINCT.length + groupOf(DISTINCT, items.length);
  return [widest, middle, 2 * middle + Number(lastWasRepeat)];
}

function makeTables(): Float64Array[] {
  const cells = POSITIONS.length * MANY;
  return [cells, cells * DISTINCT.length, 2 * cells * DISTINCT.length].map(
    (size) => new Float64Array(size),
  );
}

function groupOf(bounds: readonly number[], value: number): number {
  return Math.max(
    0,
    bounds.findLastIndex((bound) => bound <= value),
  );
}

function addOne(table: Float64Array | undefined, cell: number): void {
  if (table !== undefined) table[cell] = (table[cell] ?? 0) + 1;
}
