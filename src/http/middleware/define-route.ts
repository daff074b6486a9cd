// Declares a route: who may use it, what it takes, how it answers and how it may fail, each said once. The check of
// keys, the limits and the OpenAPI document all come from here.
import type { RouteConfig } from "@hono/zod-openapi";
import type { Handler, MiddlewareHandler } from "hono";
import { ACCESS, type Access } from "./access.ts";
import type { AppEnv } from "./app-env.ts";
import { limitBody, requireJson } from "./body.ts";
import { limitAddress } from "./rate-limit.ts";
import { describeErrors, type ErrorCode } from "./errors.ts";
import type { AppRouter } from "./router.ts";

type Config = Omit<RouteConfig, "security" | "middleware" | "responses" | "hide">;
type Answers = RouteConfig["responses"];

/** What a browser may do, and so anybody as often as they like. */
const LIMITED: ReadonlySet<Access> = new Set<Access>(["publishable", "sender", "shopper"]);

type Declaration<A extends Answers, Code extends ErrorCode> = {
  /** The successes, by status. */
  answers: A;
  /** How the handler itself may fail; what guards, limits and schemas add is known. */
  fails?: readonly Code[];
  /** The largest body, bytes. */
  maxBytes?: number;
};

/**
 * A route whose schemas read the query and the body before the handler runs.
 *
 * @example
 * const route = defineRoute("secret", { method: "get", path: "/stats", answers: { 200: {...} }, fails: ["not_found"] });
 * createRouter().openapi(route, (c) => c.json({...}, 200));
 */
export function defineRoute<
  const C extends Config,
  const A extends Answers,
  Code extends ErrorCode = never,
>(access: Access, declaration: C & Declaration<A, Code>) {
  const { request } = declaration;
  const takesJson = request?.body?.content["application/json"] !== undefined;
  const hasSchema = takesJson || request?.query !== undefined || request?.params !== undefined;
  return declare(access, declaration, {
    middleware: takesJson ? [requireJson] : [],
    fails: [
      ...(hasSchema ? (["invalid_request"] as const) : []),
      ...(takesJson ? (["invalid_json", "unsupported_media_type"] as const) : []),
    ],
  });
}

/** A route whose handler reads the request by itself, or whose answer is a stream: its schemas are for the document. */
export function defineStream<
  const C extends Config,
  const A extends Answers,
  Code extends ErrorCode = never,
>(access: Access, declaration: C & Declaration<A, Code>) {
  return declare(access, declaration, { middleware: [], fails: [] });
}

/** Serves what `defineStream` declared. */
export function serveStream(
  router: AppRouter,
  { middleware, ...route }: RouteConfig & { middleware: MiddlewareHandler<AppEnv>[] },
  handler: Handler<AppEnv>,
): void {
  router.openAPIRegistry.registerPath(route);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
  router.on([route.method], [path], ...middleware, handler);
}

function declare<C extends Config, A extends Answers, Code extends ErrorCode>(
  access: Access,
  { maxBytes, answers, fails, ...config }: C & Declaration<A, Code>,
  by: { middleware: MiddlewareHandler<AppEnv>[]; fails: readonly ErrorCode[] },
) {
  const { security, guard, fails: refusals, failsToChange = [] } = ACCESS[access];
  const limits = maxBytes === undefined ? [] : [limitBody(maxBytes)];
  const codes = new Set<ErrorCode>([...refusals, ...by.fails, ...(fails ?? []), "internal"]);
  if (maxBytes !== undefined) codes.add("body_too_large");
  if (config.method !== "get") for (const code of failsToChange) codes.add(code);
  const isLimited = LIMITED.has(access);
  if (isLimited) codes.add("rate_limited");
  return {
    ...config,
    security,
    // Whoever may not pass is not read.
    middleware: [guard, ...(isLimited ? [limitAddress] : []), ...limits, ...by.middleware],
    responses: Object.assign({}, answers, describeErrors<Code>(codes)),
  };
}
