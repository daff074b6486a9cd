// What a shop's clicks say of each item, kept click by click: how popular it is and was, how often shoppers come back
// to it, and how often a session ends with it.
import { growFloats, nextCapacity } from "../../baselines/growth.ts";
import { openItemLists } from "../../baselines/open-sessions.ts";
import type { Click } from "../../baselines/retriever.ts";

/** In the order in which `write` gives them. */
export const STATISTICS = [
  "log_popularity",
  "log_popularity_lately",
  "log_popularity_now",
  "trend_lately",
  "trend_now",
  "repeat_rate",
  "immediate_repeat_rate",
  "end_rate",
  "age",
  "log_since_seen",
] as const;

/** Clicks after which a click counts half: some hours and a day of a shop with 20,000 clicks a day. */
const NOW = 3_000;
const LATELY = 20_000;
/** Popularity is a rate in so many clicks; log(rate + FLOOR) keeps unseen items finite. */
const PER_CLICKS = 100_000;
const FLOOR = 0.3;
/** Rates of rare items are drawn to the shop's own, as if they had been seen so often. */
const PRIOR = 5;
/** Against log(0) for an item seen in the very last click. */
const JUST_NOW = 1e-3;
/** Items of an open session that are remembered. */
const MAX_REMEMBERED = 50;

/** An item's record. Decaying counts come with the click at which they were last brought up to date. */
const CLICKS = 0;
const NOW_COUNT = 1;
const NOW_AT = 2;
const LATELY_COUNT = 3;
const LATELY_AT = 4;
const SESSIONS = 5;
const REPEATS = 6;
const AGAIN = 7;
const FOLLOWED = 8;
const FIRST_CLICK = 9;
const LAST_CLICK = 10;
const WIDTH = 11;

export class ItemStatistics {
  #records = new Float64Array(0);
  #clicks = 0;
  #sessions = 0;
  #repeats = 0;
  #again = 0;
  #followed = 0;
  /** Of the decaying counts, as of so many clicks. */
  #totals = { clicks: -1, lately: 0, now: 0 };
  /** The last items of each open session, oldest first. */
  readonly #open = openItemLists();

  observe({ session, item }: Click): void {
    if ((item + 1) * WIDTH > this.#records.length) {
      const capacity = nextCapacity(this.#records.length, (item + 1) * WIDTH);
      this.#records = growFloats(this.#records, capacity);
    }
    const items = this.#open.open(session);
    const before = items.at(-1);
    if (before !== undefined) {
      this.#add(before, FOLLOWED, 1);
      this.#followed++;
      if (before === item) {
        this.#add(item, AGAIN, 1);
        this.#again++;
      }
    }
    const first = items.indexOf(item);
    if (first === -1) {
      this.#add(item, SESSIONS, 1);
      this.#sessions++;
    } else if (!items.includes(item, first + 1)) {
      this.#add(item, REPEATS, 1);
      this.#repeats++;
    }
    if (items.length === MAX_REMEMBERED) items.shift();
    items.push(item);
    this.#count(item);
  }

  isKnown(item: number): boolean {
    return this.#read(item, CLICKS) > 0;
  }

  /** Writes STATISTICS of an item into `out` from `at` on. */
  write(item: number, out: Float32Array, at: number): void {
    const clicks = this.#read(item, CLICKS);
    const log = this.#logRate(clicks, this.#clicks);
    const totals = this.#readTotals();
    const lately = this.#logRate(this.#faded(item, LATELY_COUNT, LATELY), totals.lately);
    const now = this.#logRate(this.#faded(item, NOW_COUNT, NOW), totals.now);
    const sessions = this.#read(item, SESSIONS);
    const all = Math.max(1, this.#clicks);
    out[at] = log;
    out[at + 1] = lately;
    out[at + 2] = now;
    out[at + 3] = lately - log;
    out[at + 4] = now - log;
    out[at + 5] = excess(this.#read(item, REPEATS), sessions, this.#repeats, this.#sessions);
    out[at + 6] = excess(this.#read(item, AGAIN), clicks, this.#again, all);
    out[at + 7] = -excess(this.#read(item, FOLLOWED), clicks, this.#followed, all);
    out[at + 8] = clicks === 0 ? 0 : (all - this.#read(item, FIRST_CLICK)) / all;
    const unseen = clicks === 0 ? all : all - 1 - this.#read(item, LAST_CLICK);
    out[at + 9] = Math.log(unseen / all + JUST_NOW);
  }

  /** The same for all items until the next click. */
  #readTotals(): { clicks: number; lately: number; now: number } {
    const clicks = this.#clicks;
    if (this.#totals.clicks !== clicks) {
      this.#totals = { clicks, lately: fadedTotal(clicks, LATELY), now: fadedTotal(clicks, NOW) };
    }
    return this.#totals;
  }

  #count(item: number): void {
    const [now, lately] = [
      this.#faded(item, NOW_COUNT, NOW),
      this.#faded(item, LATELY_COUNT, LATELY),
    ];
    if (this.#read(item, CLICKS) === 0) this.#set(item, FIRST_CLICK, this.#clicks);
    this.#set(item, LAST_CLICK, this.#clicks);
    this.#clicks++;
    this.#add(item, CLICKS, 1);
    this.#set(item, NOW_COUNT, now * fade(1, NOW) + 1);
    this.#set(item, NOW_AT, this.#clicks);
    this.#set(item, LATELY_COUNT, lately * fade(1, LATELY) + 1);
    this.#set(item, LATELY_AT, this.#clicks);
  }

  /** A decaying count as of now; the field after it says as of when it is kept. */
  #faded(item: number, field: number, halfLife: number): number {
    const count = this.#read(item, field);
    return count === 0 ? 0 : count * fade(this.#clicks - this.#read(item, field + 1), halfLife);
  }

  #logRate(count: number, of: number): number {
    return Math.log((PER_CLICKS * count) / Math.max(1, of) + FLOOR);
  }

  #read(item: number, field: number): number {
    return this.#records[item * WIDTH + field] ?? 0;
  }

  #set(item: number, field: number, value: number): void {
    this.#records[item * WIDTH + field] = value;
  }

  #add(item: number, field: number, value: number): void {
    this.#set(item, field, this.#read(item, field) + value);
  }
}

function fade(clicks: number, halfLife: number): number {
  return 2 ** (-clicks / halfLife);
}

/** What the counts of all items with this half-life add up to after so many clicks. */
function fadedTotal(clicks: number, halfLife: number): number {
  return (1 - fade(clicks, halfLife)) / (1 - fade(1, halfLife));
}

/** How far an item's rate is above that of the shop. */
function excess(part: number, of: number, allParts: number, all: number): number {
  const usual = allParts / Math.max(1, all);
  return (part + PRIOR * usual) / (of + PRIOR) - usual;
}
