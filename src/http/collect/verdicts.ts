// What a sender of events hears: how many came to what, and of each refusal its place, its code and a sentence.
import * as z from "zod";
import type { Outcome } from "../../ingest/ingest.ts";
import { LINE_CODES } from "../../ingest/read/notes.ts";
import { REJECTION_CODES } from "../../ingest/rejection.ts";

/** Shown of an id that may be too long, characters. */
const MAX_EVENT_ID = 128;
/** Names told of one request. */
const MAX_UNKNOWN = 50;

const position = {
  index: z.int().describe("Index in the request, from 0."),
  event_id: z.string().nullable(),
};
const message = z.string();

export const Verdicts = z
  .object({
    accepted: z.int().describe("Events that were new."),
    duplicates: z.int().describe("Events that had been accepted before; nothing changed."),
    conflicts: z
      .int()
      .describe("Of the rejected: their `event_id` was that of another event; see `rejected`."),
    late: z
      .int()
      .describe("Of the accepted: too late to change the shopper's profile; logged only."),
    without_consent: z
      .int()
      .describe("Of the accepted: the shopper allows nothing, so nothing was kept."),
    unverified: z
      .int()
      .describe(
        "Events whose `user_id` came without proof: those of `unverified_events`, which are the anonymous shopper's, " +
          "and those that were refused for it.",
      ),
    unverified_events: z
      .array(z.object(position))
      .describe("Accepted events that belong to the anonymous shopper for want of proof."),
    bots: z
      .int()
      .describe("Of the accepted: sent by a crawler, so kept apart from all that is learned from."),
    erased: z
      .int()
      .describe("Events of before their shopper was erased; nothing was done with them."),
    ignored: z
      .int()
      .describe("Messages that are known to tell nothing of shopping, such as page views."),
    cleaned: z
      .int()
      .describe("Values in accepted events that were cleaned, cut or left out: texts, prices."),
    unknown_fields: z
      .array(z.string())
      .describe("Keys of items and consent that nobody here knows.")
      .meta({ example: ["items.colour"] }),
    rejected_lines: z
      .array(
        z.object({
          ...position,
          line: z.int().describe("From 0."),
          code: z.enum(LINE_CODES),
          message,
        }),
      )
      .describe("Lines that were left out of accepted events."),
    rejected: z.array(z.object({ ...position, code: z.enum(REJECTION_CODES), message })),
  })
  .meta({ id: "Verdicts" });

export type Verdicts = z.infer<typeof Verdicts>;

export function summarise(rows: readonly unknown[], outcomes: readonly Outcome[]): Verdicts {
  const unknown = new Set<string>();
  const verdicts: Verdicts = {
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    late: 0,
    without_consent: 0,
    unverified: 0,
    unverified_events: [],
    bots: 0,
    erased: 0,
    ignored: 0,
    cleaned: 0,
    unknown_fields: [],
    rejected_lines: [],
    rejected: [],
  };
  for (const [index, outcome] of outcomes.entries()) {
    switch (outcome.kind) {
      case "refused":
        if (outcome.rejection.code === "conflict") verdicts.conflicts += 1;
        if (outcome.isUnverified === true) verdicts.unverified += 1;
        verdicts.rejected.push({ index, event_id: readEventId(rows[index]), ...outcome.rejection });
        break;
      case "erased":
        verdicts.erased += 1;
        break;
      case "ignored":
        verdicts.ignored += 1;
        break;
      case "bot":
        verdicts.accepted += 1;
        verdicts.bots += 1;
        break;
      case "dropped":
        verdicts.accepted += 1;
        verdicts.without_consent += 1;
        break;
      default:
        addKept(verdicts, unknown, index, readEventId(rows[index]), outcome);
    }
  }
  verdicts.unknown_fields = [...unknown].slice(0, MAX_UNKNOWN);
  return verdicts;
}

function addKept(
  verdicts: Verdicts,
  unknown: Set<string>,
  index: number,
  event_id: string | null,
  { verdict, notes }: Extract<Outcome, { kind: "kept" }>,
): void {
  if (notes.unverified === true) {
    verdicts.unverified += 1;
    verdicts.unverified_events.push({ index, event_id });
  }
  if (verdict === "duplicate") {
    verdicts.duplicates += 1;
    return;
  }
  verdicts.accepted += 1;
  if (verdict === "late") verdicts.late += 1;
  verdicts.cleaned += notes.cleaned;
  for (const name of notes.unknown) unknown.add(name);
  for (const line of notes.lines) verdicts.rejected_lines.push({ index, event_id, ...line });
}

function readEventId(row: unknown): string | null {
  if (typeof row !== "object" || row === null) return null;
  const id = "event_id" in row ? row.event_id : "messageId" in row ? row.messageId : null;
  const text = typeof id === "number" ? String(id) : id;
  return typeof text === "string" ? text.slice(0, MAX_EVENT_ID) : null;
}
