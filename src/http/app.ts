// The HTTP side of the Worker: what every request passes, and where each resource hangs.
import { HTTPException } from "hono/http-exception";
import { cors } from "hono/cors";
import { SECURITY_SCHEMES } from "./auth.ts";
import { attribution } from "./attribution.ts";
import { deadLetters } from "./dead-letters.ts";
import { serveDocs } from "./docs.ts";
import { events } from "./events.ts";
import { fail } from "./errors.ts";
import { experiments } from "./experiments.ts";
import { exportedDays } from "./exports.ts";
import { health } from "./health.ts";
import { items } from "./items.ts";
import { jobs } from "./jobs.ts";
import { me } from "./me.ts";
import { modelFiles } from "./model-files.ts";
import { models } from "./models.ts";
import { assignRequestId } from "./request-id.ts";
import { recommendations } from "./recommendations.ts";
import { rerank } from "./rerank.ts";
import { createRouter } from "./router.ts";
import { rules } from "./rules.ts";
import { shoppers } from "./shoppers.ts";
import { similar } from "./similar.ts";
import { stats } from "./stats.ts";
import { stock } from "./stock.ts";
import { trending } from "./trending.ts";
import { trial } from "./trial.ts";

/** One day, s: browsers cap it lower, and the rules below change with deployments only. */
const PREFLIGHT_MAX_AGE = 86_400;

const RESOURCES = [
  events,
  recommendations,
  rerank,
  rules,
  attribution,
  experiments,
  trial,
  similar,
  trending,
  items,
  shoppers,
  me,
  stock,
  models,
  modelFiles,
  deadLetters,
  exportedDays,
  jobs,
  stats,
] as const;

export function createApp() {
  const app = createRouter();
  app.use(assignRequestId);
  app.use(
    cors({
      origin: (origin, c) => allowOrigin(origin, c.env.ALLOWED_ORIGINS),
      allowMethods: ["GET", "POST", "PUT", "DELETE"],
      allowHeaders: ["authorization", "content-type", "x-request-id"],
      exposeHeaders: ["x-request-id", "server-timing"],
      maxAge: PREFLIGHT_MAX_AGE,
    }),
  );
  for (const resource of RESOURCES) app.route("/v1", resource);
  app.route("/", health);
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  serveDocs(app);
  app.notFound((c) => fail(c, "not_found", "There is no such route."));
  app.onError((error, c) => {
    // What the framework itself complains about: a body that is no JSON, before any schema saw it.
    if (error instanceof HTTPException && error.status === 400)
      return fail(c, "invalid_json", `${error.message}.`);
    console.error(
      JSON.stringify({ request_id: c.get("request_id"), error: String(error), stack: error.stack }),
    );
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
