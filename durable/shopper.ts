// One shopper's memory: a shell that migrates, keeps, tells, and rings. What it does is in the files it imports.
import { DurableObject } from "cloudflare:workers";
import type {
  Delivery,
  Erased,
  IngestResult,
  Linked,
  ReminderClaim,
  ShopperExport,
  ShopperRpc,
  Snapshot,
  Verdict,
} from "./contract.ts";
import { isOfBefore, readErasedAt, writeErasedAt } from "./erasure.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { findLogged } from "./find-logged.ts";
import { forwardDeliveries } from "./forward.ts";
import { applyDeliveries, applyHistory } from "./apply-deliveries.ts";
import { deferHandover, type LinkDeps, linkShopper, settleHandover } from "./link-shopper.ts";
import { hearAlone, readConsentRules, type ConsentRules } from "./hear.ts";
import type { ConsentWord } from "./state/consent.ts";
import { ReminderBook } from "./reminder-book.ts";
import { expiresAt, firstCheckAt, readIdlePeriod } from "./schedule.ts";
import { ShopperMemory } from "./shopper-memory.ts";
import type { ShopperHistory } from "./state/identify.ts";
import { openShopper, type ShopperNamespace } from "./stubs.ts";
import { log } from "./log-line.ts";

export type ShopperEnv = {
  SHOPPER: ShopperNamespace;
  DB: D1Database;
  LOG_QUEUE: Queue;
  REMINDER_QUEUE: Queue;
  REQUIRE_IDENTITY_PROOF?: string;
  DEFAULT_CONSENT?: string;
  CONSENT_WITHDRAWN?: string;
  IDLE_DAYS?: string;
};

export class Shopper extends DurableObject<ShopperEnv> implements ShopperRpc {
  readonly #memory: ShopperMemory;
  readonly #link: LinkDeps;
  readonly #rules: ConsentRules;
  readonly #idlePeriod: number;
  #erasedAt: number | null;
  /** The latest arrival that this instance has seen, ms. */
  #lastReceived = 0;
  readonly #reminders: ReminderBook;
  /** When the alarm rings, ms; null where it does not. */
  #alarmAt: number | null = null;
  /** The hand-over under way in this instance: whoever asks meanwhile waits for the same one. */
  #settling: Promise<Verdict | null> | null = null;

  constructor(ctx: DurableObjectState, env: ShopperEnv) {
    super(ctx, env);
    const requiresProof = env.REQUIRE_IDENTITY_PROOF !== "false";
    const memory = new ShopperMemory(ctx.storage, ctx.id.name, requiresProof);
    const openUser = (pseudonym: string) => openShopper(env.SHOPPER, pseudonym);
    this.#memory = memory;
    this.#erasedAt = readErasedAt(ctx.storage);
    this.#rules = readConsentRules(env);
    this.#idlePeriod = readIdlePeriod(env);
    const send = (message: object) => env.REMINDER_QUEUE.send(message);
    this.#reminders = new ReminderBook({ memory, db: env.DB, send, now: Date.now });
    this.#link = { memory, openUser, settle: () => this.#settle(), now: Date.now };
    void ctx.blockConcurrencyWhile(async () => {
      memory.open();
      this.#alarmAt = await ctx.storage.getAlarm();
      this.#arm();
    });
  }

  async ingest(told: Delivery[]): Promise<IngestResult> {
    const isGone = told.map((delivery) => isOfBefore(this.#erasedAt, delivery));
    const result = await this.#ingest(told.filter((_, index) => isGone[index] !== true));
    if (!isGone.includes(true)) return result;
    const verdicts = [...result.verdicts];
    const handled = [...(result.handled ?? [])];
    return {
      ...result,
      verdicts: isGone.map((gone) => (gone ? "erased" : (verdicts.shift() ?? "duplicate"))),
      handled: told.map((delivery, index) =>
        isGone[index] === true ? delivery : (handled.shift() ?? delivery),
      ),
    };
  }

  async #ingest(deliveries: Delivery[]): Promise<IngestResult> {
    for (const { received_at } of deliveries) {
      this.#lastReceived = Math.max(this.#lastReceived, received_at);
    }
    const { link } = this.#memory;
    if (link !== null) {
      await this.#settle();
      return forwardDeliveries(this.#memory, deliveries, this.#link.openUser(link.to), Date.now);
    }
    const applied = applyDeliveries(this.#memory, deliveries, Date.now(), this.#rules);
    this.#reminders.note();
    this.#arm();
    return { kind: "ingested", shopper: this.#memory.shopper, ...applied };
  }

  async snapshot(): Promise<Snapshot | Linked> {
    const { link, shopper, state, consent } = this.#memory;
    if (link !== null) {
      await this.#trySettle();
      return { kind: "linked", to: link.to };
    }
    return { kind: "snapshot", shopper, state, consent: consent?.consent ?? null };
  }

  async linkTo(user: string, identify: Delivery): Promise<Verdict> {
    if (isOfBefore(this.#erasedAt, identify)) return "erased";
    await this.#settle();
    try {
      return await linkShopper(this.#link, user, identify, this.#reminders.state.touches);
    } finally {
      // The cart has gone, whether or not the user could be reached yet.
      if (this.#memory.link !== null) this.#reminders.forget();
      this.#arm();
    }
  }

  async absorb(
    anonymous: string,
    history: ShopperHistory | null,
    identify: Delivery,
  ): Promise<Verdict> {
    if (isOfBefore(this.#erasedAt, identify)) return "erased";
    const verdict = applyHistory(
      this.#memory,
      anonymous,
      history,
      identify,
      Date.now(),
      this.#rules,
    );
    this.#reminders.absorb(history?.touches ?? []);
    this.#reminders.note();
    this.#arm();
    return verdict;
  }

  async hear(word: ConsentWord, at: number): Promise<void> {
    const { link } = this.#memory;
    if (link !== null) return await this.#link.openUser(link.to).hear(word, at);
    hearAlone(this.#memory, word, at, this.#rules);
    this.#reminders.note();
    this.#arm();
  }

  async claimReminder(reminder_id: string): Promise<ReminderClaim> {
    const claim = await this.#reminders.claim(reminder_id);
    this.#arm();
    return claim;
  }

  async settleReminder(reminder_id: string): Promise<void> {
    if (this.#memory.store !== null) this.#reminders.settle(reminder_id);
    this.#arm();
  }

  async claimOnSite(): Promise<ReminderClaim[]> {
    const claims = await this.#reminders.claimOnSite();
    this.#arm();
    return claims;
  }

  async export(): Promise<ShopperExport | Linked> {
    const snapshot = await this.snapshot();
    if (snapshot.kind === "linked") return snapshot;
    const { lateEvents, store } = this.#memory;
    return {
      ...snapshot,
      late_events: lateEvents,
      pending: store?.readPending() ?? [],
      reminders: this.#reminders.state,
      absorbed: store?.readAbsorbed() ?? [],
    };
  }

  async erase(): Promise<Erased> {
    const absorbed = this.#memory.store?.readAbsorbed() ?? [];
    for (const anonymous of absorbed) await openShopper(this.env.SHOPPER, anonymous).erase();
    const { shopper } = this.#memory;
    let at = 0;
    await this.ctx.blockConcurrencyWhile(async () => {
      await this.#empty();
      // Clocks of two machines differ: nothing that this object has seen may count as of later.
      at = Math.max(Date.now(), this.#lastReceived, this.#erasedAt ?? 0);
      writeErasedAt(this.ctx.storage, at);
      this.#erasedAt = at;
    });
    return { erased: [shopper, ...absorbed], at };
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const { store } = this.#memory;
    if (store === null) return;
    await this.#trySettle();
    await drainOutbox({
      store,
      findLogged: (ids) => findLogged(this.env.DB, this.#memory.shopper, ids),
      send: (message) => this.env.LOG_QUEUE.send(message),
      now: Date.now(),
    });
    await this.#reminders.wake();
    await this.#expire();
    this.#arm();
  }

  /** Forgets a visitor who has long been silent. What was logged is the log's, and leaves it by its own age. */
  async #expire(): Promise<void> {
    const { store } = this.#memory;
    const due = expiresAt(this.#memory, this.#idlePeriod);
    if (store === null || due === null || due > Date.now() || store.nextDueAt() !== null) return;
    await this.ctx.blockConcurrencyWhile(() => this.#empty());
  }

  async #empty(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#memory.forget();
    this.#reminders.forget();
    this.#alarmAt = null;
  }

  /** Nothing that was just written is due before the first check, so an alarm set earlier will do. */
  #arm(): void {
    const { store } = this.#memory;
    if (store === null) return;
    if (this.#alarmAt !== null && this.#alarmAt <= firstCheckAt(Date.now())) return;
    const next = store.nextDueAt() ?? expiresAt(this.#memory, this.#idlePeriod);
    if (next === null || next === this.#alarmAt) return;
    this.#alarmAt = next;
    void this.ctx.storage.setAlarm(next);
  }

  #settle(): Promise<Verdict | null> {
    this.#settling ??= settleHandover(this.#link).finally(() => (this.#settling = null));
    return this.#settling;
  }

  /** Where the user cannot be reached now, the alarm tries again. */
  async #trySettle(): Promise<void> {
    try {
      await this.#settle();
    } catch (error) {
      log("warn", "handover_deferred", {}, error);
      deferHandover(this.#link);
      this.#arm();
    }
  }
}
