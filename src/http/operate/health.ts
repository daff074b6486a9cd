// Is the Worker there, and can it reach what it needs?
import * as z from "zod";
import { openShopper } from "../../../durable/stubs.ts";
import { readLastSeq } from "../../log/log-tail.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { readSettings } from "../../shop/settings.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { readLimits } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";
import { log } from "../../../durable/log-line.ts";

/** An object that belongs to no shopper: its name is no pseudonym. */
const PROBE = "health";
/** A dependency that takes longer is not ready, ms. */
const PATIENCE = 3000;

const Live = z.object({ status: z.literal("ok") });
const Readiness = z
  .object({
    status: z.enum(["ok", "unavailable"]),
    checks: z.record(
      z.string(),
      z.object({ ok: z.boolean(), ms: z.number(), error: z.string().optional() }),
    ),
    model: z
      .object({ wanted: z.string().nullable(), serving: z.string().nullable() })
      .describe("Versions of the next-item model. Without one, other sources answer."),
    identity: z
      .enum(["proof", "tokens_only", "not_required"])
      .describe(
        "How a user id is believed that comes with a publishable key. `tokens_only`: there is no IDENTITY_SECRET, so no " +
          "`user_hash` counts. `not_required`: REQUIRE_IDENTITY_PROOF is off, so every user id does.",
      ),
    degraded: z.array(z.string()).describe("What recommendations do without at the moment."),
    limits: z
      .object({ address: z.boolean(), shopper: z.boolean() })
      .describe("False: that binding is missing, so nothing is limited by it."),
  })
  .meta({ id: "Readiness" });

type Check = z.infer<typeof Readiness>["checks"][string];

export const health = createRouter();

health.openapi(
  defineRoute("none", {
    method: "get",
    path: "/health/live",
    tags: ["health"],
    summary: "The Worker runs",
    answers: {
      200: { description: "Alive.", content: { "application/json": { schema: Live } } },
    },
  }),
  (c) => c.json({ status: "ok" as const }, 200),
);

health.openapi(
  defineRoute("none", {
    method: "get",
    path: "/health/ready",
    tags: ["health"],
    summary: "The Worker can reach the log and the shoppers' memory",
    answers: {
      200: { description: "Ready.", content: { "application/json": { schema: Readiness } } },
      503: { description: "Not ready.", content: { "application/json": { schema: Readiness } } },
    },
  }),
  async (c) => {
    const { isolate } = holdIsolate(c.env);
    const [secrets, log, memory, degraded] = await Promise.all([
      check(() => findSecrets(c.env)),
      check(() => readLastSeq(c.env.DB)),
      check(() => openShopper(c.env.SHOPPER, PROBE).snapshot()),
      isolate.keepUp(Date.now(), (work) => c.executionCtx.waitUntil(work)),
    ]);
    const checks = { secrets, log, memory };
    const { wanted, serving } = isolate.models.state;
    const parts = {
      checks,
      model: { wanted, serving },
      identity: nameIdentity(c.env),
      degraded,
      limits: readLimits(c.env),
    };
    const ready = Object.values(checks).every(({ ok }) => ok);
    return ready
      ? c.json({ status: "ok" as const, ...parts }, 200)
      : c.json({ status: "unavailable" as const, ...parts }, 503);
  },
);

function nameIdentity(env: AppEnv["Bindings"]): z.infer<typeof Readiness>["identity"] {
  const { requiresProof, hasSecret } = readSettings(env).identity;
  if (!requiresProof) return "not_required";
  return hasSecret ? "proof" : "tokens_only";
}

/** Without these nobody gets in, and nobody has a pseudonym. */
async function findSecrets(env: Partial<Env>): Promise<void> {
  const { PUBLISHABLE_KEYS, SECRET_KEYS, PSEUDONYM_KEY } = env;
  const missing = Object.entries({ PUBLISHABLE_KEYS, SECRET_KEYS, PSEUDONYM_KEY })
    .filter(([, value]) => (value ?? "") === "")
    .map(([name]) => name);
  if (missing.length > 0) throw new Error(`not set: ${missing.join(", ")}`);
}

async function check(ask: () => Promise<unknown>): Promise<Check> {
  const start = Date.now();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
  try {
    await Promise.race([ask(), late]);
    return { ok: true, ms: Date.now() - start };
  } catch (error) {
    log("error", "health_check_failed", {}, error);
    return {
      ok: false,
      ms: Date.now() - start,
      error: "This dependency does not answer, or is not there.",
    };
  } finally {
    clearTimeout(timer);
  }
}
