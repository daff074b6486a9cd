// What an object has in mind of its rows: read when first asked for, written in one transaction.
// Reading a shopper who was never seen stores nothing.
import { SHOPPER_MIGRATIONS } from "../migrations/shopper/index.ts";
import type { GivenConsent } from "./state/consent.ts";
import { isBlank, migrate } from "./rows/migrate.ts";
import type { ShopperStore } from "./rows/shopper-store.ts";
import type { ShopperRow } from "./rows/schema.ts";
import { openStore } from "./rows/shopper-store.ts";
import type { Link } from "./state/identify.ts";
import type { ShopperStream } from "./state/receive.ts";
import type { ShopperState } from "./state/shopper.ts";
import { emptyShopper } from "./state/shopper.ts";
import { readStream, writeStream } from "./rows/stream-rows.ts";

/** What a transaction may change, by putting a new value in its place. */
export type Draft = {
  stream: ShopperStream;
  consent: GivenConsent | null;
  link: Link | null;
  /** A visitor, not a user: forgotten after long silence. */
  isAnonymous: boolean;
};

export class ShopperMemory {
  readonly #storage: DurableObjectStorage;
  readonly #name: string | undefined;
  readonly #requiresProof: boolean;
  #store: ShopperStore | null = null;
  #row: ShopperRow | null | undefined;
  #stream: ShopperStream | null = null;

  /** @param requiresProof a link that came without proof counts as none */
  constructor(storage: DurableObjectStorage, name: string | undefined, requiresProof: boolean) {
    this.#storage = storage;
    this.#name = name;
    this.#requiresProof = requiresProof;
  }

  /** Brings an object that has stored something before up to date. Throws as `migrate` does. */
  open(): void {
    if (!isBlank(this.#storage)) this.#openStore();
  }

  /** Null for an object that has never stored anything. */
  get store(): ShopperStore | null {
    return this.#store;
  }

  get shopper(): string {
    const name = this.#name ?? this.#readRow()?.shopper;
    if (name === undefined) throw new Error("A Shopper object is asked for by its pseudonym");
    return name;
  }

  get state(): ShopperState {
    return this.#readRow()?.state ?? emptyShopper();
  }

  get lateEvents(): number {
    return this.#readRow()?.late_events ?? 0;
  }

  get consent(): GivenConsent | null {
    const row = this.#readRow();
    if (row === null || row.consent === null || row.consent_at === null) return null;
    const { consent, consent_at: at, marketing_at, withdrawn_at } = row;
    return { consent, at, marketing_at, withdrawn_at };
  }

  get isAnonymous(): boolean {
    return this.#readRow()?.is_anonymous === 1;
  }

  get link(): Link | null {
    const row = this.#readRow();
    if (row === null || row.linked_to === null) return null;
    const { linked_to: to, linked_timestamp: timestamp, linked_event_id: event_id } = row;
    const proven = row.linked_proven === 1;
    // Whoever made it may have named any user: it opens nobody's data, and what comes now stays here.
    if (!proven && this.#requiresProof) return null;
    return { to, timestamp: timestamp ?? 0, event_id: event_id ?? "", proven };
  }

  /** Everything that `change` does is kept, or nothing is. It must not await anything. */
  transact<Result>(change: (draft: Draft, store: ShopperStore) => Result): Result {
    const store = this.#store ?? this.#openStore();
    const stream = (this.#stream ??= readStream(store, this.#readRow()));
    const { consent, link, isAnonymous } = this;
    const before: Draft = { stream, consent, link, isAnonymous };
    const draft = { ...before };
    let row = this.#readRow();
    const result = this.#storage.transactionSync(() => {
      const result = change(draft, store);
      if (draft.stream !== before.stream) writeStream(store, before.stream, draft.stream);
      if (isChanged(before, draft)) {
        row = toRow(this.shopper, draft);
        store.writeShopper(row);
      }
      return result;
    });
    this.#row = row;
    this.#stream = draft.stream;
    return result;
  }

  /** After the storage was emptied. */
  forget(): void {
    this.#store = null;
    this.#row = null;
    this.#stream = null;
  }

  #openStore(): ShopperStore {
    migrate(this.#storage, SHOPPER_MIGRATIONS);
    return (this.#store = openStore(this.#storage));
  }

  #readRow(): ShopperRow | null {
    if (this.#row === undefined) this.#row = this.#store?.readShopper() ?? null;
    return this.#row;
  }
}

function isChanged(before: Draft, after: Draft): boolean {
  return (
    before.stream !== after.stream ||
    before.consent !== after.consent ||
    before.link !== after.link ||
    before.isAnonymous !== after.isAnonymous
  );
}

function toRow(shopper: string, { stream, consent, link, isAnonymous }: Draft): ShopperRow {
  return {
    shopper,
    state: stream.live,
    watermark: stream.watermark,
    late_events: stream.late,
    consent: consent?.consent ?? null,
    consent_at: consent?.at ?? null,
    marketing_at: consent?.marketing_at ?? null,
    withdrawn_at: consent?.withdrawn_at ?? null,
    is_anonymous: isAnonymous ? 1 : null,
    linked_to: link?.to ?? null,
    linked_timestamp: link?.timestamp ?? null,
    linked_event_id: link?.event_id ?? null,
    linked_proven: link === null ? null : Number(link.proven),
  };
}
