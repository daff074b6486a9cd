// Lets a request pass whose body Shopify signed with the shop's secret, and sets `signed`, the body. A shop without the
// secret has no such route.
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { readText } from "./body.ts";
import { fail } from "./errors.ts";

/** Orders of hundreds of lines, bytes. */
const BODY_LIMIT = 1024 * 1024;

const ENCODER = new TextEncoder();

export const requireShopifySignature = createMiddleware<AppEnv>(async (c, next) => {
  const secret = c.env.SHOPIFY_WEBHOOK_SECRET;
  if (!secret) {
    return fail(
      c,
      "not_found",
      "Set the secret SHOPIFY_WEBHOOK_SECRET to take Shopify's webhooks.",
    );
  }
  const body = await readText(c.req.raw, BODY_LIMIT);
  const signature = c.req.header("x-shopify-hmac-sha256") ?? "";
  const isSigned = body.ok && (await verifySignature(body.value, signature, secret));
  if (body.ok && !isSigned) {
    return fail(c, "unauthorized", "The signature is not of this body and this shop's secret.");
  }
  if (!body.ok) return fail(c, body.reason.code, body.reason.message);
  c.set("signed", body.value);
  return await next();
});

/** base64(HMAC-SHA256(secret, body)), compared in constant time. */
async function verifySignature(body: string, signature: string, secret: string): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", ENCODER.encode(secret), algorithm, false, [
    "verify",
  ]);
  const bytes = decodeBase64(signature);
  return bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, ENCODER.encode(body)));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
