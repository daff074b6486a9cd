// For each item a bounded list of neighbours with weights, heaviest first, all in one pool of typed arrays.
import { growFloats, growInts, nextCapacity } from "./growth.ts";

/** Share of the room that is taken after thinning. */
const KEPT = 0.75;
/** Most items have few neighbours: a list starts with room for so many, and doubles. */
const FIRST_ROOM = 4;

export class NeighbourLists {
  readonly #limit: number;
  /** Entries of the pool beyond which lists are thinned out. */
  #most: number;
  #starts = new Int32Array(0);
  #sizes = new Int32Array(0);
  #rooms = new Int32Array(0);
  #totals = new Float64Array(0);
  #ids = new Int32Array(0);
  #weights = new Float64Array(0);
  #end = 0;
  /** Starts of blocks that were outgrown, by room. */
  readonly #free = new Map<number, number[]>();

  /**
   * @param limit neighbours an item can have; a full list gives up its lightest for a newcomer
   * @param most neighbours of all items together, room for growth included; beyond it the longest lists give up their lightest
   */
  constructor(limit: number, most = Infinity) {
    this.#limit = limit;
    this.#most = most;
  }

  /** All weight ever added to `from`, also of neighbours that were given up. */
  totalOf(from: number): number {
    return this.#totals[from] ?? 0;
  }

  add(from: number, to: number, weight: number): void {
    if (from >= this.#starts.length) this.#growItems(from + 1);
    if (this.#end + this.#limit > this.#most) this.#thin();
    this.#totals[from] = (this.#totals[from] ?? 0) + weight;
    const start = this.#starts[from] ?? 0;
    const end = start + (this.#sizes[from] ?? 0);
    let index = start;
    while (index < end && this.#ids[index] !== to) index++;
    if (index === end) index = this.#append(from, to);
    this.#weights[index] = (this.#weights[index] ?? 0) + weight;
    this.#rise(this.#starts[from] ?? 0, index);
  }

  /** Heaviest first. */
  visit(from: number, visitor: (to: number, weight: number) => void): void {
    const start = this.#starts[from] ?? 0;
    const end = start + (this.#sizes[from] ?? 0);
    for (let index = start; index < end; index++) {
      visitor(this.#ids[index] ?? 0, this.#weights[index] ?? 0);
    }
  }

  multiplyAll(factor: number): void {
    for (let index = 0; index < this.#end; index++) {
      this.#weights[index] = (this.#weights[index] ?? 0) * factor;
    }
    for (let item = 0; item < this.#totals.length; item++) {
      this.#totals[item] = (this.#totals[item] ?? 0) * factor;
    }
  }

  /** Puts `to` at the end with weight 0 and returns its index. */
  #append(from: number, to: number): number {
    const size = this.#sizes[from] ?? 0;
    const full = size === (this.#rooms[from] ?? 0);
    if (full && size < this.#limit) this.#move(from, Math.min(this.#limit, size * 2 || FIRST_ROOM));
    const index = (this.#starts[from] ?? 0) + Math.min(size, this.#limit - 1);
    this.#sizes[from] = Math.min(size + 1, this.#limit);
    this.#ids[index] = to;
    this.#weights[index] = 0;
    return index;
  }

  #rise(start: number, index: number): void {
    const [id, weight] = [this.#ids[index] ?? 0, this.#weights[index] ?? 0];
    while (index > start && (this.#weights[index - 1] ?? 0) < weight) {
      this.#ids[index] = this.#ids[index - 1] ?? 0;
      this.#weights[index] = this.#weights[index - 1] ?? 0;
      index--;
    }
    this.#ids[index] = id;
    this.#weights[index] = weight;
  }

  /** Moves a list to a block with room for `room` entries. */
  #move(from: number, room: number): void {
    const [old, size] = [this.#starts[from] ?? 0, this.#sizes[from] ?? 0];
    const start = this.#free.get(room)?.pop() ?? this.#allocate(room);
    this.#ids.copyWithin(start, old, old + size);
    this.#weights.copyWithin(start, old, old + size);
    const oldRoom = this.#rooms[from] ?? 0;
    if (oldRoom > 0) {
      const blocks = this.#free.get(oldRoom);
      if (blocks === undefined) this.#free.set(oldRoom, [old]);
      else blocks.push(old);
    }
    this.#starts[from] = start;
    this.#rooms[from] = room;
  }

  #allocate(room: number): number {
    const start = this.#end;
    this.#end += room;
    if (this.#end > this.#ids.length) {
      const capacity = nextCapacity(this.#ids.length, this.#end);
      this.#ids = growInts(this.#ids, capacity);
      this.#weights = growFloats(this.#weights, capacity);
    }
    return start;
  }

  /** Moves what stays together. An item keeps its heaviest neighbour, so with very many items the pool has to grow. */
  #thin(): void {
    const longest = this.#findLength(this.#most * KEPT);
    const ids = new Int32Array(this.#ids.length);
    const weights = new Float64Array(ids.length);
    let end = 0;
    for (let item = 0; item < this.#starts.length; item++) {
      const start = this.#starts[item] ?? 0;
      const size = Math.min(longest, this.#sizes[item] ?? 0);
      ids.set(this.#ids.subarray(start, start + size), end);
      weights.set(this.#weights.subarray(start, start + size), end);
      this.#starts[item] = end;
      this.#sizes[item] = size;
      this.#rooms[item] = size;
      end += size;
    }
    this.#ids = ids;
    this.#weights = weights;
    this.#end = end;
    this.#free.clear();
    if (end > this.#most * KEPT) this.#most = (end + this.#limit) / KEPT;
  }

  /** The greatest length of a list, at least 1, with which all have no more than `most` neighbours together. */
  #findLength(most: number): number {
    /** How many lists are so long or longer. */
    const counts = new Int32Array(this.#limit + 2);
    for (const size of this.#sizes) counts[size] = (counts[size] ?? 0) + 1;
    for (let size = this.#limit; size >= 0; size--) {
      counts[size] = (counts[size] ?? 0) + (counts[size + 1] ?? 0);
    }
    let length = 1;
    let sum = counts[1] ?? 0;
    while (length < this.#limit && sum + (counts[length + 1] ?? 0) <= most) {
      length += 1;
      sum += counts[length] ?? 0;
    }
    return length;
  }

  #growItems(needed: number): void {
    const capacity = nextCapacity(this.#starts.length, needed);
    this.#starts = growInts(this.#starts, capacity);
    this.#sizes = growInts(this.#sizes, capacity);
    this.#rooms = growInts(this.#rooms, capacity);
    this.#totals = growFloats(this.#totals, capacity);
  }
}
