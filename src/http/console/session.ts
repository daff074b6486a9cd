// Signing in to the console and out of it: by a key, or by a link that opens it once.
import * as z from "zod";
import { makeLink, useLink } from "../../console/links.ts";
import { Time, toIso } from "../../shop/units.ts";
import { judgeKey, readBearer } from "../middleware/auth.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { limitSignIn } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";
import {
  closeSession,
  fingerprintKey,
  hasOwnOrigin,
  judgeFingerprint,
  openSession,
  readSession,
  ROLES,
  SESSION_SECONDS,
} from "../middleware/session.ts";

/** An hour, ms: long enough to start a browser, short enough for a terminal's history. */
const LINK_MS = 3_600_000;
/** Characters of a key, or of a link's token. */
const MAX_TEXT = 512;
/** Bytes. */
const BODY_LIMIT = 4096;

const Role = z.enum(ROLES);

const SessionInfo = z.object({ role: Role, expires_at: Time }).meta({ id: "ConsoleSession" });

const SignIn = z.union([
  z.strictObject({ key: z.string().min(1).max(MAX_TEXT).describe("A secret or a viewer's key.") }),
  z.strictObject({ link: z.string().min(1).max(MAX_TEXT).describe("The token of a link.") }),
]);

const ANSWER = {
  200: {
    description: "Who you are here.",
    content: { "application/json": { schema: SessionInfo } },
  },
};

export const consoleSession = createRouter();

// Before the route itself, and so before its body is read.
consoleSession.post("/console/session", limitSignIn);

consoleSession.openapi(
  defineRoute("none", {
    method: "post",
    path: "/console/session",
    maxBytes: BODY_LIMIT,
    tags: ["console"],
    summary: "Sign in",
    description:
      "Sets a cookie that scripts cannot read and other sites cannot send, for twelve hours or until the key is taken out " +
      "of force.",
    request: {
      body: { required: true, content: { "application/json": { schema: SignIn } } },
    },
    answers: ANSWER,
    fails: ["unauthorized", "cross_site_request", "rate_limited"],
  }),
  async (c) => {
    // A browser names where a request comes from; whatever is none may leave it out.
    if (c.req.header("origin") !== undefined && !hasOwnOrigin(c))
      return fail(c, "cross_site_request", "Sign in on the console's own page.");
    const now = Date.now();
    const found = await findGrant(c.req.valid("json"), c.env, now);
    if (found === null)
      return fail(c, "unauthorized", "This key or link is not known, was used, or has expired.");
    const expires_at = Math.floor(now / 1000) + SESSION_SECONDS;
    await openSession(c, { ...found, expires_at });
    return c.json({ role: found.role, expires_at: toIso(expires_at * 1000) }, 200);
  },
);

consoleSession.openapi(
  defineRoute("none", {
    method: "get",
    path: "/console/session",
    tags: ["console"],
    summary: "Whether one is signed in",
    answers: ANSWER,
    fails: ["unauthorized"],
  }),
  async (c) => {
    const session = await readSession(c);
    if (session === null) return fail(c, "unauthorized", "Sign in.");
    const { role, expires_at } = session;
    return c.json({ role, expires_at: toIso(expires_at * 1000) }, 200);
  },
);

consoleSession.openapi(
  defineRoute("none", {
    method: "delete",
    path: "/console/session",
    tags: ["console"],
    summary: "Sign out",
    answers: { 204: { description: "Signed out, or was not signed in." } },
    fails: ["cross_site_request"],
  }),
  (c) => {
    if (c.req.header("origin") !== undefined && !hasOwnOrigin(c))
      return fail(c, "cross_site_request", "Sign out on the console's own page.");
    closeSession(c);
    return c.body(null, 204);
  },
);

consoleSession.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/console/links",
    maxBytes: BODY_LIMIT,
    tags: ["console"],
    summary: "Make a link that signs in once",
    description:
      "Good for an hour. With a key: a session makes none, so that it cannot outlive itself.",
    request: {
      body: {
        required: true,
        content: { "application/json": { schema: z.object({ role: Role.default("editor") }) } },
      },
    },
    answers: {
      201: {
        description: "Give it to one person.",
        content: {
          "application/json": {
            schema: z
              .object({
                path: z.string().describe("Behind `#`, which browsers send to nobody."),
                expires_at: Time,
              })
              .meta({ id: "ConsoleLink" }),
          },
        },
      },
    },
    fails: ["secret_key_required"],
  }),
  async (c) => {
    const key = readBearer(c.req.header("authorization"));
    if (key === null) return fail(c, "secret_key_required", "Links are made with a secret key.");
    const now = Date.now();
    const expires_at = now + LINK_MS;
    const grant = { role: c.req.valid("json").role, key: await fingerprintKey(key, c.env) };
    const token = await makeLink(c.env.DB, grant, { now, expires_at });
    return c.json({ path: `/console#link=${token}`, expires_at: toIso(expires_at) }, 201);
  },
);

type Grant = { role: z.infer<typeof Role>; key: string };
type Keys = Env & { VIEWER_KEYS?: string };

async function findGrant(
  asked: z.infer<typeof SignIn>,
  env: Keys,
  now: number,
): Promise<Grant | null> {
  if ("link" in asked) {
    const grant = await useLink(env.DB, asked.link, now);
    // A key that is no longer in force opens nothing, neither do its links.
    return grant === null || (await judgeFingerprint(grant.key, env)) === null ? null : grant;
  }
  const { key } = asked;
  const held = judgeKey(key, { publishable: env.VIEWER_KEYS ?? "", secret: env.SECRET_KEYS });
  if (held === null) return null;
  const role = held === "secret" ? "editor" : "viewer";
  return { role, key: await fingerprintKey(key, env) };
}
