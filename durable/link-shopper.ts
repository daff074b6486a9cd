// The anonymous side of `identify`. The history is set aside in one transaction before it travels, and forgotten when
// the user's object has it: cut off anywhere in between, the same hand-over starts again, and the user takes it once.
import type { Delivery, ShopperRpc, Verdict } from "./contract.ts";
import { nextTryAt } from "./schedule.ts";
import type { ShopperMemory } from "./shopper-memory.ts";
import { decideEvent } from "./state/consent.ts";
import type { Touch } from "./state/reminders/state.ts";
import { chooseLink, handOver, SURRENDERED } from "./state/identify.ts";

export type LinkDeps = {
  memory: ShopperMemory;
  openUser: (pseudonym: string) => Pick<ShopperRpc, "absorb" | "ingest" | "hear">;
  /** `settleHandover`, shared with everyone else who waits for it. */
  settle: () => Promise<Verdict | null>;
  now: () => number;
};

/**
 * No hand-over may be under way.
 *
 * @param touches reminders that this visitor was given
 */
export async function linkShopper(
  deps: LinkDeps,
  user: string,
  identify: Delivery,
  touches: readonly Touch[] = [],
): Promise<Verdict> {
  const { memory, now } = deps;
  const { fold } = decideEvent(memory.consent, identify);
  if (fold && !isLinkedSince(memory, user, identify)) {
    const isOnItsWay = memory.transact((draft, store) => {
      const folded = handOver(draft.stream, identify.event);
      const history = folded === null ? null : { ...folded, touches };
      draft.link = chooseLink(draft.link, user, identify.event, isProven(identify));
      if (history === null) return false;
      const due_at = nextTryAt(now(), 0);
      store.writeHandover({ linked_to: user, history, identify, attempts: 0, due_at });
      draft.stream = SURRENDERED;
      draft.consent = null;
      return true;
    });
    if (isOnItsWay) return (await deps.settle()) ?? "duplicate";
  }
  return deps.openUser(user).absorb(memory.shopper, null, identify);
}

/** Brings a hand-over to its end, if one is under way; idempotent on both sides. Throws where the user cannot be reached. */
export async function settleHandover({ memory, openUser }: LinkDeps): Promise<Verdict | null> {
  const pending = memory.store?.readHandover() ?? null;
  if (pending === null) return null;
  const { linked_to, history, identify } = pending;
  const verdict = await openUser(linked_to).absorb(memory.shopper, history, identify);
  memory.store?.dropHandover();
  return verdict;
}

/** Puts the next try off, after one that failed. */
export function deferHandover({ memory, now }: LinkDeps): void {
  const pending = memory.store?.readHandover() ?? null;
  if (pending === null) return;
  const attempts = pending.attempts + 1;
  memory.store?.deferHandover(attempts, nextTryAt(now(), attempts));
}

/** A shop may identify on every page: once is enough. */
function isLinkedSince(memory: ShopperMemory, user: string, identify: Delivery): boolean {
  const { link } = memory;
  if (link === null || link.to !== user) return false;
  if (isProven(identify) && !link.proven) return false;
  return chooseLink(link, user, identify.event).to === user;
}

function isProven({ proven }: Delivery): boolean {
  return proven === true;
}
