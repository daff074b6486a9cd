// How many different shoppers cared for an item today and yesterday, by event time. Whole numbers that only a new day
// takes away: nobody can make those of others fade by being the latest.
import { growInts } from "../catalog/columns.ts";
import type { Grant } from "./fair-share.ts";

const DAY = 86_400_000;

export class RecentShoppers {
  #day = Number.NEGATIVE_INFINITY;
  #today: Int32Array = new Int32Array(0);
  #yesterday: Int32Array = new Int32Array(0);
  #everybodyToday = 0;
  #everybodyYesterday = 0;

  observe(
    item: number,
    { shoppers, everybody }: Pick<Grant, "shoppers" | "everybody">,
    at: number,
  ) {
    const day = Math.floor(at / DAY);
    if (day > this.#day) this.#turn(day);
    this.#today = growInts(this.#today, item + 1, 0);
    this.#yesterday = growInts(this.#yesterday, item + 1, 0);
    if (day === this.#day) {
      this.#today[item] = (this.#today[item] ?? 0) + shoppers;
      this.#everybodyToday += everybody;
    } else {
      // Whatever is older was counted in its time.
      this.#yesterday[item] = (this.#yesterday[item] ?? 0) + shoppers;
      this.#everybodyYesterday += everybody;
    }
  }

  of(item: number): number {
    return (this.#today[item] ?? 0) + (this.#yesterday[item] ?? 0);
  }

  get everybody(): number {
    return this.#everybodyToday + this.#everybodyYesterday;
  }

  #turn(day: number): void {
    const isNext = day === this.#day + 1;
    this.#yesterday = isNext ? this.#today : new Int32Array(0);
    this.#everybodyYesterday = isNext ? this.#everybodyToday : 0;
    this.#today = new Int32Array(this.#yesterday.length);
    this.#everybodyToday = 0;
    this.#day = day;
  }
}
