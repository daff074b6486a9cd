// The last clicks of a shop in a ring of typed arrays: from an item to the sessions that have it, newest first,
// and from a session to its items. Old clicks and old sessions fall out by being overwritten.
import { growFloats, growInts, nextCapacity } from "./growth.ts";
import { OpenSessions } from "./open-sessions.ts";

export type ClickRingOptions = {
  /** 17 bytes each. */
  maxClicks: number;
  /** 20 bytes each. */
  maxSessions: number;
  /** Sessions that a further click can still join. */
  maxOpenSessions: number;
};

/** "There is no such click." */
const NONE = -1;

/** Marks are 32 bit; before they run out the array is cleared once. */
const LAST_MARK = 2 ** 31 - 1;

/** Clicks that are searched for an earlier one on the same item: further back is a new interest. */
const FAR_BACK = 50;

/** Clicks are numbered from 0 on; a number stays valid until the ring has gone round once. */
export class ClickRing {
  readonly #options: ClickRingOptions;
  readonly #open: OpenSessions<{ number: number }>;
  #clicks = 0;
  #sessions = 0;
  // By click number modulo the ring's length. The two links say how many clicks back, 0 for none.
  #items = new Int32Array(0);
  #slots = new Int32Array(0);
  #itemLinks = new Int32Array(0);
  #sessionLinks = new Int32Array(0);
  /** 1 where the click was the session's first on its item. */
  #firsts = new Uint8Array(0);
  // By session slot.
  #firstClicks = new Float64Array(0);
  #lastClicks = new Float64Array(0);
  /** The last search that met the session. */
  #marks = new Int32Array(0);
  #mark = 0;
  // By item. Click numbers are kept plus one, so that 0 means none.
  #newest = new Float64Array(0);
  #itemSessions = new Int32Array(0);

  constructor(options: ClickRingOptions) {
    this.#options = options;
    this.#open = new OpenSessions(options.maxOpenSessions, (recycled) => {
      const session = recycled ?? { number: NONE };
      session.number = NONE;
      return session;
    });
  }

  /** Sessions in the ring. */
  get sessions(): number {
    return Math.min(this.#sessions, this.#options.maxSessions);
  }

  /** How many sessions in the ring have the item. */
  sessionsWith(item: number): number {
    return this.#itemSessions[item] ?? 0;
  }

  append(session: string | number, item: number): void {
    const slot = this.#slotOf(session);
    if (item >= this.#newest.length) this.#growItems(item + 1);
    const click = this.#clicks;
    const index = this.#makeRoom(click);
    this.#clicks++;
    const first = !this.#sessionHas(slot, item);
    this.#items[index] = item;
    this.#slots[index] = slot;
    this.#itemLinks[index] = this.#linkBack(click, (this.#newest[item] ?? 0) - 1);
    this.#sessionLinks[index] = this.#linkBack(click, this.lastClickOf(slot));
    this.#firsts[index] = first ? 1 : 0;
    if (first) this.#itemSessions[item] = this.sessionsWith(item) + 1;
    if (this.#firstClicks[slot] === NONE) this.#firstClicks[slot] = click;
    this.#lastClicks[slot] = click;
    this.#newest[item] = click + 1;
  }

  /**
   * Writes the slots of the most recent sessions with the item into `into`, each once, newest first, and returns how
   * many fitted. The hottest loop of a query: arrays are held in locals.
   */
  findSessions(item: number, into: Int32Array): number {
    const [slots, links, firstClicks, marks] = [
      this.#slots,
      this.#itemLinks,
      this.#firstClicks,
      this.#marks,
    ];
    const length = slots.length;
    const oldest = Math.max(0, this.#clicks - length);
    const mark = this.#nextMark();
    let found = 0;
    let click = (this.#newest[item] ?? 0) - 1;
    while (click >= oldest && found < into.length) {
      const index = click % length;
      const slot = slots[index] ?? 0;
      // A click older than its slot's session belongs to a session that has been given up.
      if (marks[slot] !== mark && click >= (firstClicks[slot] ?? 0)) {
        marks[slot] = mark;
        into[found++] = slot;
      }
      const back = links[index] ?? 0;
      if (back === 0) break;
      click -= back;
    }
    return found;
  }

  lastClickOf(slot: number): number {
    return this.#lastClicks[slot] ?? NONE;
  }

  /** How far back the session's last click is: 0 for the newest click, 1 for the oldest in the ring. */
  ageOf(slot: number): number {
    const oldest = Math.min(this.#clicks, this.#items.length);
    return (this.#clicks - 1 - this.lastClickOf(slot)) / oldest;
  }

  /** Writes the session's items into `into`, newest first, and returns how many fitted. */
  readSession(slot: number, into: Int32Array): number {
    let length = 0;
    let click = this.#checkAge(this.lastClickOf(slot));
    while (click !== NONE && length < into.length) {
      const index = this.#indexOf(click);
      into[length++] = this.#items[index] ?? 0;
      const back = this.#sessionLinks[index] ?? 0;
      click = back === 0 ? NONE : this.#checkAge(click - back);
    }
    return length;
  }

  #nextMark(): number {
    if (this.#mark === LAST_MARK) {
      this.#marks.fill(0);
      this.#mark = 0;
    }
    return ++this.#mark;
  }

  #indexOf(click: number): number {
    return click % this.#items.length;
  }

  #checkAge(click: number): number {
    return click >= this.#clicks - this.#items.length && click >= 0 ? click : NONE;
  }

  #linkBack(click: number, previous: number): number {
    return this.#checkAge(previous) === NONE ? 0 : click - previous;
  }

  #slotOf(session: string | number): number {
    const { maxSessions } = this.#options;
    const state = this.#open.open(session);
    const lost = state.number === NONE || state.number <= this.#sessions - 1 - maxSessions;
    if (lost) {
      state.number = this.#sessions++;
      const slot = state.number % maxSessions;
      if (slot >= this.#lastClicks.length) {
        const capacity = nextCapacity(this.#lastClicks.length, slot + 1, maxSessions);
        this.#firstClicks = growFloats(this.#firstClicks, capacity);
        this.#lastClicks = growFloats(this.#lastClicks, capacity);
        this.#marks = growInts(this.#marks, capacity);
      }
      this.#firstClicks[slot] = NONE;
      this.#lastClicks[slot] = NONE;
    }
    return state.number % maxSessions;
  }

  #sessionHas(slot: number, item: number): boolean {
    let click = this.#checkAge(this.lastClickOf(slot));
    for (let step = 0; click !== NONE && step < FAR_BACK; step++) {
      const index = this.#indexOf(click);
      if (this.#items[index] === item) return true;
      const back = this.#sessionLinks[index] ?? 0;
      click = back === 0 ? NONE : this.#checkAge(click - back);
    }
    return false;
  }

  /** The index for a new click, whose old content is forgotten. */
  #makeRoom(click: number): number {
    const { maxClicks } = this.#options;
    if (click >= this.#items.length && this.#items.length < maxClicks) this.#growClicks(click + 1);
    const index = this.#indexOf(click);
    if (click >= this.#items.length && this.#firsts[index] === 1) {
      const item = this.#items[index] ?? 0;
      this.#itemSessions[item] = this.sessionsWith(item) - 1;
    }
    return index;
  }

  #growClicks(needed: number): void {
    const capacity = nextCapacity(this.#items.length, needed, this.#options.maxClicks);
    this.#items = growInts(this.#items, capacity);
    this.#slots = growInts(this.#slots, capacity);
    this.#itemLinks = growInts(this.#itemLinks, capacity);
    this.#sessionLinks = growInts(this.#sessionLinks, capacity);
    const firsts = new Uint8Array(capacity);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
  }

  #growItems(needed: number): void {
    const capacity = nextCapacity(this.#newest.length, needed);
    this.#newest = growFloats(this.#newest, capacity);
    this.#itemSessions = growInts(this.#itemSessions, capacity);
  }
}
