// What an attack finds, and what comes of it.
import type { Api } from "../../client/api.ts";
import type { Attacker, Sent } from "./attacker.ts";
import type { BusyShop } from "./busy-shop.ts";

/** `obscure`: an item of this attack alone, at which hardly anybody has looked. */
export type Scene = {
  attacker: Attacker;
  shop: BusyShop;
  obscure: string;
  owner: Api;
  now: number;
};

/** `harm`: what came of it beside moved lists; null for nothing. */
export type Outcome = Sent & { harm: string | null };
