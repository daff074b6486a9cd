// The HTTP side of the Worker: what every request passes, and where each resource hangs.
import { HTTPException } from "hono/http-exception";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { SECURITY_SCHEMES } from "./middleware/access.ts";
import { answerHeaders } from "./middleware/answer-headers.ts";
import { RouteTable } from "./middleware/route-table.ts";
import { isSenderGone } from "./middleware/sender-body.ts";
import { attribution } from "./shop/attribution.ts";
import { backfill } from "./collect/backfill.ts";
import { deadLetters } from "./operate/dead-letters.ts";
import { figures } from "./console/figures.ts";
import { live } from "./console/live.ts";
import { now } from "./console/now.ts";
import { preview } from "./console/preview.ts";
import { ruleHistory } from "./console/rule-history.ts";
import { consoleSession } from "./console/session.ts";
import { setup } from "./console/setup.ts";
import { serveDocs } from "./docs/docs.ts";
import { collect } from "./collect/measurement.ts";
import { events } from "./collect/events.ts";
import { segment } from "./collect/segment.ts";
import { shopify } from "./collect/shopify.ts";
import { fail } from "./middleware/errors.ts";
import { experiments } from "./shop/experiments.ts";
import { exportedDays } from "./operate/exports.ts";
import { health } from "./operate/health.ts";
import { metrics } from "./operate/metrics/metrics.ts";
import { intent } from "./storefront/intent.ts";
import { items } from "./shop/items.ts";
import { jobs } from "./operate/jobs.ts";
import { me } from "./storefront/me.ts";
import { modelFiles } from "./operate/model-files.ts";
import { models } from "./operate/models.ts";
import { rejected } from "./operate/rejected.ts";
import { recommendations } from "./storefront/recommendations.ts";
import { reminders } from "./shop/reminders.ts";
import { myReminders } from "./storefront/reminders.ts";
import { rerank } from "./storefront/rerank.ts";
import { createRouter } from "./middleware/router.ts";
import { rules } from "./shop/rules.ts";
import { search } from "./storefront/search.ts";
import { shoppers } from "./shop/shoppers.ts";
import { similar } from "./storefront/similar.ts";
import { stats } from "./operate/stats.ts";
import { stock } from "./shop/stock.ts";
import { ledger } from "./supply/ledger.ts";
import { purchaseOrders } from "./supply/purchase-orders.ts";
import { reorder } from "./supply/reorder.ts";
import { suppliers } from "./supply/suppliers.ts";
import { trending } from "./storefront/trending.ts";
import { trial } from "./shop/trial.ts";
import { listFrames, log } from "../../durable/log-line.ts";

/** One day, s: browsers cap it lower, and the rules below change with deployments only. */
const PREFLIGHT_MAX_AGE = 86_400;

/** Characters of an id that a caller sent; a longer one, or one of unusual characters, is replaced. */
const MAX_REQUEST_ID = 64;

/** As nginx has it: nobody reads the answer. */
const SENDER_GONE = 499;

/** What browsers may send. */
const ALLOWED_HEADERS = [
  "authorization",
  "content-encoding",
  "content-type",
  "x-request-id",
  "x-anonymous-id",
  "x-user-id",
  "x-user-hash",
  "x-shopper-token",
];

const RESOURCES = [
  events,
  segment,
  backfill,
  shopify,
  recommendations,
  rerank,
  search,
  rules,
  attribution,
  experiments,
  trial,
  ledger,
  purchaseOrders,
  reorder,
  suppliers,
  similar,
  trending,
  items,
  shoppers,
  me,
  intent,
  reminders,
  myReminders,
  stock,
  models,
  modelFiles,
  deadLetters,
  exportedDays,
  jobs,
  stats,
  rejected,
  now,
  setup,
  figures,
  ruleHistory,
  preview,
] as const;

export function createApp() {
  const app = createRouter();
  let routes: RouteTable | undefined;
  // Made when first asked for: then every route is there.
  const table = () => (routes ??= new RouteTable(app.openAPIRegistry));
  app.use(requestId({ limitLength: MAX_REQUEST_ID }));
  app.use(answerHeaders);
  const allowBrowsers = cors({
    origin: (origin, c) => allowOrigin(origin, c.env.ALLOWED_ORIGINS),
    allowMethods: ["GET", "POST"],
    allowHeaders: ALLOWED_HEADERS,
    exposeHeaders: ["x-request-id", "server-timing", "retry-after"],
    maxAge: PREFLIGHT_MAX_AGE,
  });
  app.use(async (c, next) =>
    table().isForBrowsers(c.req.path) ? await allowBrowsers(c, next) : await next(),
  );
  for (const resource of RESOURCES) app.route("/v1", resource);
  app.route("/", collect);
  app.route("/", health);
  app.route("/", metrics);
  app.route("/", consoleSession);
  app.route("/", live);
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  serveDocs(app);
  app.notFound((c) => {
    const methods = table().listMethods(c.req.path);
    if (methods.length === 0) return fail(c, "not_found", "There is no such route.");
    c.header("allow", methods.join(", "));
    return fail(c, "method_not_allowed", `This route takes ${methods.join(", ")}.`);
  });
  app.onError((error, c) => {
    // What the framework itself complains about: a body that is no JSON, before any schema saw it.
    if (error instanceof HTTPException && error.status === 400)
      return fail(c, "invalid_json", `${error.message}.`);
    if (isSenderGone(error)) return new Response(null, { status: SENDER_GONE });
    const facts = { request_id: c.get("requestId"), stack: listFrames(error) };
    log("error", "request_failed", facts, error);
    return fail(c, "internal", "Something went wrong on our side.");
  });
  return app;
}

/** The value of `access-control-allow-origin`, or null where the browser must refuse. */
export function allowOrigin(origin: string, allowed: string): string | null {
  const list = new Set(allowed.split(",").map((entry) => entry.trim()));
  if (list.has("*")) return "*";
  return list.has(origin) ? origin : null;
}
