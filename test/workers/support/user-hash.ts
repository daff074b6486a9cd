// The proof of a user as a shop's back end makes it, with the secret of the tests' Worker.
import { env } from "cloudflare:workers";

const ENCODER = new TextEncoder();

/** hex(HMAC-SHA256(secret, user id)) */
export async function hashUser(user_id: string, secret = newestSecret()): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", ENCODER.encode(secret), algorithm, false, [
    "sign",
  ]);
  const digest = await crypto.subtle.sign("HMAC", key, ENCODER.encode(user_id));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function newestSecret(): string {
  return env.IDENTITY_SECRET.split(",").at(-1)?.trim() ?? "";
}

/** The event with the proof of its user, where it names one. */
export async function prove<Event>(event: Event): Promise<Event> {
  if (typeof event !== "object" || event === null || !("user_id" in event)) return event;
  const { user_id } = event;
  if (typeof user_id !== "string" || "user_hash" in event) return event;
  return { ...event, user_hash: await hashUser(user_id) };
}
