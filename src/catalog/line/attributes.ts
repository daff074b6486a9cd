// An item's own facts, such as its colour: a small map of texts, numbers, flags and lists of them, kept as JSON.
import { parseJson } from "../../files/json.ts";
import type { ItemNote } from "./note.ts";

/** Characters of JSON; the rest of the row is far smaller. */
const MAX_ATTRIBUTES = 16_384;
const MAX_NAME = 100;
const MAX_TEXT = 1000;
const MAX_VALUES = 100;

type Scalar = string | number | boolean;

/** JSON text, or null for none. @param more facts that had fields of their own */
export function readAttributes(
  map: unknown,
  more: readonly (readonly [name: string, value: unknown])[],
  notes: ItemNote[],
): string | null {
  const kept: [string, Scalar | Scalar[]][] = [];
  let characters = 2;
  for (const [name, value] of [...readEntries(map, notes), ...more]) {
    if (value === null || value === undefined || value === "") continue;
    const known = readValue(value);
    const size = name.length + JSON.stringify(known ?? "").length + 4;
    if (
      known === null ||
      name === "" ||
      name.length > MAX_NAME ||
      characters + size > MAX_ATTRIBUTES
    ) {
      notes.push({ field: `attributes.${name.slice(0, MAX_NAME)}`, code: "left_out" });
      continue;
    }
    characters += size;
    kept.push([name, known]);
  }
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
}

function readEntries(map: unknown, notes: ItemNote[]): [string, unknown][] {
  if (map === null || map === undefined || map === "") return [];
  const value = typeof map === "string" ? parseOrNull(map) : map;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  notes.push({ field: "attributes", code: "left_out" });
  return [];
}

function parseOrNull(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** Null where it is neither a fact nor a list of facts. */
function readValue(value: unknown): Scalar | Scalar[] | null {
  if (!Array.isArray(value)) return isScalar(value) ? value : null;
  return value.length <= MAX_VALUES && value.every(isScalar) ? value : null;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === "string") return value.length <= MAX_TEXT && value.isWellFormed();
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
