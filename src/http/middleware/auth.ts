// Reads keys: publishable ones for storefronts, secret ones for the shop's back end. Knows no route.
import { listSecrets } from "../../shop/identity.ts";
import type { KeyKind } from "./app-env.ts";

/** Compares without telling by its time how many characters agree; the length may show. */
function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++)
    difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}

/** The text after `Bearer `, or null. */
export function readBearer(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header);
  return match?.[1] ?? null;
}

/** The user name of `Basic ...`, as senders of Segment's API put their write key, or null. */
export function readBasic(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Basic +([\w+/=-]+)$/i.exec(header);
  if (match?.[1] === undefined) return null;
  try {
    const [name] = atob(match[1]).split(":");
    return name || null;
  } catch {
    return null;
  }
}

/** Which kind of key this is, or null where no list has it. Lists are comma-separated. */
export function judgeKey(
  key: string,
  lists: { publishable: string; secret: string },
): KeyKind | null {
  const isIn = (list: string) =>
    listSecrets(list)
      .map((entry) => equalInConstantTime(key, entry))
      .some(Boolean);
  const secret = isIn(lists.secret);
  const publishable = isIn(lists.publishable);
  return secret ? "secret" : publishable ? "publishable" : null;
}
