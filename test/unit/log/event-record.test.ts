// One event on its way through the log: no place loses a field, and what an earlier version wrote is still read.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { LogEntry } from "../../../durable/contract.ts";
import {
  CONSENT,
  CONTEXT,
  ENVELOPE,
  EVENT,
  EVENT_ROW,
  ITEM_LINE,
  type EventRow,
} from "../../../durable/state/event.ts";
import { cleanRows } from "../../../src/batch/clean/clean.ts";
import { decodeRows, encodeRows, Row } from "../../../src/batch/export/parquet.ts";
import { COLUMNS } from "../../../src/batch/export/columns.ts";
import { readRows } from "../../../src/learn/read-rows.ts";
import { EVENT_COLUMNS, toEvent, toEventRows } from "../../../src/log/event-rows.ts";
import { QueueMessage } from "../../../src/log/message.ts";
import { shopEvent } from "../state/arbitrary.ts";
import { encodeOlder } from "../../support/older-file.ts";
import { makeEvent, makeRow } from "../../support/records.ts";

const maybe = fc.constantFrom(null, "x");
const entry: fc.Arbitrary<LogEntry> = fc.record({
  shopper: fc.constantFrom("ann", "bob"),
  linked_from: maybe,
  received_at: fc.nat(),
  event: shopEvent("e", 10),
  consent: fc.record({ analytics: fc.boolean(), personalization: fc.boolean() }),
  context: fc.record({ country: maybe, device: maybe, referrer: maybe, page: maybe }),
});

/** As D1 gives them. */
function store(logged: LogEntry): EventRow[] {
  return toEventRows(logged).map((cells, index) => {
    const named = EVENT_COLUMNS.map((column, at) => [column, cells[at]]);
    const row: EventRow = JSON.parse(
      JSON.stringify(Object.fromEntries([["seq", index + 1], ...named])),
    );
    return row;
  });
}

const NULLABLE = COLUMNS.filter(({ nullable }) => nullable).map(({ name }) => name);

describe("the event record", () => {
  it("has a column of its own for each field", () => {
    const parts = [ENVELOPE, EVENT, ITEM_LINE, CONSENT, CONTEXT];
    const fields = parts.flatMap((part) => Object.keys(part));
    expect(Object.keys(EVENT_ROW)).toHaveLength(fields.length + ["seq", "line"].length);
    expect(["seq", ...EVENT_COLUMNS].toSorted()).toEqual(Object.keys(EVENT_ROW).toSorted());
  });

  it("comes through queue, table and file as it was", async () => {
    await fc.assert(
      fc.asyncProperty(entry, async (logged) => {
        const sent: unknown = JSON.parse(JSON.stringify({ kind: "events", entries: [logged] }));
        expect(QueueMessage.parse(sent)).toEqual({ kind: "events", entries: [logged] });
        const rows = store(logged);
        expect(toEvent(rows.toReversed())).toEqual(logged.event);
        const { kept } = cleanRows(rows, new Map(), new Map());
        const decoded = await decodeRows(encodeRows(kept, { currency: "EUR", scale: 100 }).buffer);
        expect(decoded).toEqual(kept);
        expect(toEvent(decoded)).toEqual(logged.event);
      }),
      { numRuns: 50 },
    );
  });

  it("is read from a message without the fields that came later", () => {
    fc.assert(
      fc.property(entry, (logged) => {
        const dropNulls = (_: string, value: unknown) => (value === null ? undefined : value);
        const sent: unknown = JSON.parse(
          JSON.stringify({ kind: "events", entries: [logged] }, dropNulls),
        );
        expect(QueueMessage.parse(sent)).toEqual({ kind: "events", entries: [logged] });
      }),
    );
  });

  it("has no tie in a file or a message of a version that did not know ties", async () => {
    const { kept } = cleanRows([makeRow({ tie: 3 })], new Map(), new Map());
    const [row] = await decodeRows(new Uint8Array(encodeOlder(kept, "tie")).buffer);
    expect(row).toEqual({ ...kept[0], tie: 0 });
    const logged = fc.sample(entry, { seed: 1, numRuns: 1 })[0];
    const { tie: _tie, ...event } = logged?.event ?? makeEvent();
    const message = { kind: "events", entries: [{ ...logged, event }] };
    const read = QueueMessage.parse(message);
    expect(read.kind === "events" && read.entries[0]?.event.tie).toBe(0);
  });

  it("reads quantities of files that had whole numbers alone", async () => {
    const columns = { shopper: "STRING", quantity: "INT32" } as const;
    const columnData = [
      { name: "shopper", type: columns.shopper, data: ["ann"] },
      { name: "quantity", type: columns.quantity, data: [2] },
    ];
    const [row] = await parquetReadObjects({ file: parquetWriteBuffer({ columnData }) });
    expect(Row.pick({ shopper: true, quantity: true }).parse(row)).toEqual({
      shopper: "ann",
      quantity: 2,
    });
  });

  it.each(NULLABLE.filter((name) => name !== "outlier"))(
    "is read from a file without %s",
    async (missing) => {
      const { kept } = cleanRows([makeRow()], new Map(), new Map());
      const bytes = encodeOlder(kept, missing);
      const without = { ...kept[0], [missing]: null };
      expect(await decodeRows(new Uint8Array(bytes).buffer)).toEqual([without]);
      const folder = mkdtempSync(join(tmpdir(), "millrace-older-"));
      try {
        writeFileSync(join(folder, "part.parquet"), bytes);
        const { rows } = await readRows([join(folder, "part.parquet")]);
        expect(rows).toHaveLength(1);
        expect(without).toMatchObject(rows[0] ?? {});
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
