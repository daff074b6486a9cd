// Whose event it is. Ids are taken to the letter, and what trackers send where they know nobody is nobody: two shoppers
// who are both `undefined` must never become one.
import { accept } from "../../../durable/state/result.ts";
import type { EventName } from "../../../durable/state/event.ts";
import { reject, type Checked } from "../rejection.ts";
import { ID_LENGTH, readId, UNREADABLE } from "../../shop/read/text.ts";

/** By the shop's own ids. */
export type Actor =
  /** `anonymous_id`: whose it is where the user is not proven. */
  | { kind: "user"; user_id: string; anonymous_id: string | null }
  | { kind: "anonymous"; anonymous_id: string }
  | { kind: "identify"; user_id: string; anonymous_id: string }
  | { kind: "shop" };

export type Ids = { user_id?: unknown; anonymous_id?: unknown };

/** What programs print for a value that they do not have, and shops call people whom they do not know. */
const PLACEHOLDERS = new Set([
  "undefined",
  "null",
  "nil",
  "nan",
  "none",
  "(none)",
  "n/a",
  "not set",
  "not_set",
  "(not set)",
  "unknown",
  "anonymous",
  "[]",
  "{}",
  "anon",
  "guest",
  "true",
  "false",
  "[object object]",
  "-1",
]);
/** `0`, the zero UUID, dashes. */
const ZEROS = /^[0-]+$/;
/** A template that nobody filled in: `{{user_id}}`, `${id}`, `%USER%`, `<id>`. */
const TEMPLATE = /^(?:\{\{?.*\}\}?|\$\{.*\}|%[^%]*%|<.*>)$/s;

export function isPlaceholder(id: string): boolean {
  return PLACEHOLDERS.has(id.toLowerCase()) || ZEROS.test(id) || TEMPLATE.test(id);
}

export function readActor(name: EventName, ids: Ids): Checked<Actor> {
  if (name === "stock_update") return accept({ kind: "shop" });
  const user = readPerson("user_id", ids.user_id);
  if (!user.ok) return user;
  const visitor = readPerson("anonymous_id", ids.anonymous_id);
  if (!visitor.ok) return visitor;
  if (name === "identify") return joinIds(user.value, visitor.value);
  const user_id = user.value?.id ?? null;
  const anonymous_id = visitor.value?.id ?? null;
  if (user_id !== null) return accept({ kind: "user", user_id, anonymous_id });
  if (anonymous_id !== null) return accept({ kind: "anonymous", anonymous_id });
  const said = user.value ?? visitor.value;
  return said === null
    ? reject("missing_shopper", "An event needs a user_id or an anonymous_id.")
    : reject("missing_shopper", "An event needs a user_id or an anonymous_id that is of somebody.");
}

/** `id` is null for a placeholder. */
type Person = { id: string | null } | null;

function joinIds(user: Person, visitor: Person): Checked<Actor> {
  if (user === null || visitor === null) {
    return reject("missing_shopper", "identify needs both user_id and anonymous_id.");
  }
  if (user.id === null || visitor.id === null) {
    const which = user.id === null ? "user_id" : "anonymous_id";
    return reject(
      "placeholder_id",
      `${which} is what a program prints for nobody; nothing was joined.`,
    );
  }
  return accept({ kind: "identify", user_id: user.id, anonymous_id: visitor.id });
}

function readPerson(field: string, value: unknown): Checked<Person> {
  if (typeof value === "boolean" || Number.isNaN(value)) return accept({ id: null });
  const id = readId(value);
  if (id === null) return accept(null);
  if (id === UNREADABLE) {
    return reject(
      "invalid_event",
      `${field}: must be text of at most ${ID_LENGTH} characters without control characters, or a whole number.`,
    );
  }
  return accept({ id: isPlaceholder(id) ? null : id });
}
