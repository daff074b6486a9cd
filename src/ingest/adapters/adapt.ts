// Any message of a shop in our names: finds out whose form it has and lets that form's adapter translate it. Values come
// through as they are; what they mean is for the reading of events.
import { isFields, type Fields } from "../read/fields.ts";
import { fromDataLayer, fromGa4, readCommand } from "./ga4.ts";
import { fromSegment, isSegment } from "./segment.ts";
import { fromPixel, isPixel } from "./shopify-pixel.ts";

export type Adapted =
  | {
      kind: "event";
      fields: Fields;
      /** A form without ids and times of its own: an id is made of the content, the time is that of arrival. */
      isLoose: boolean;
    }
  /** Known to tell nothing of shopping. */
  | { kind: "ignored" }
  /** No message at all. */
  | { kind: "none" };

const IGNORED: Adapted = { kind: "ignored" };

export function adapt(row: unknown): Adapted {
  if (!isFields(row)) return adaptCommand(row);
  // Our own form first: nearly every message has it.
  if (row["event_id"] !== undefined && (row["name"] !== undefined || !("event" in row))) {
    return loosen(isFields(row["params"]) ? fromGa4(row) : row, false);
  }
  if (isSegment(row)) return loosen(fromSegment(row), true);
  if (isPixel(row)) return loosen(fromPixel(row), true);
  if ("0" in row) return adaptCommand(row);
  if (isGa4(row)) return loosen(fromGa4(row), true);
  if ("event" in row || "ecommerce" in row) return loosen(fromDataLayer(row), true);
  return loosen(row, false);
}

/** What `gtag()` was called with, as an array or as the `arguments` that it puts into the data layer. */
function adaptCommand(row: unknown): Adapted {
  const command = readCommand(row);
  if (command === null) return { kind: "none" };
  return command.kind === "event" ? loosen(fromGa4(command.event), true) : IGNORED;
}

/** The Measurement Protocol's marks; a data layer may have them beside its `event`. */
function isGa4(row: Fields): boolean {
  if (row["name"] === undefined && "event" in row) return false;
  return (
    isFields(row["params"]) ||
    row["client_id"] !== undefined ||
    row["app_instance_id"] !== undefined ||
    row["timestamp_micros"] !== undefined
  );
}

function loosen(fields: Fields | null, isLoose: boolean): Adapted {
  return fields === null ? IGNORED : { kind: "event", fields, isLoose };
}
