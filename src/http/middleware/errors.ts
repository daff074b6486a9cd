// The one table from error code to HTTP status, and the envelope that every error wears.
import * as z from "zod";
import type { Context, TypedResponse } from "hono";
import type { AppEnv } from "./app-env.ts";

export const ERROR_STATUS = {
  invalid_json: 400,
  invalid_request: 400,
  batch_too_large: 400,
  unauthorized: 401,
  invalid_token: 401,
  secret_key_required: 403,
  editor_required: 403,
  cross_site_request: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
type StatusOf<Code extends ErrorCode> = (typeof ERROR_STATUS)[Code];

type Envelope<Code extends ErrorCode> = {
  error: { code: Code; message: string; request_id: string };
};

/** By the code's type a route's handler can only fail as the route says it may. */
export type Failure<Code extends ErrorCode> = Code extends ErrorCode
  ? Response & TypedResponse<Envelope<Code>, StatusOf<Code>, "json">
  : never;

/** Answers with the envelope. `message` is a sentence for the caller's engineer. */
export function fail<Code extends ErrorCode>(
  c: Context<AppEnv>,
  code: Code,
  message: string,
): Failure<Code>;
export function fail(c: Context<AppEnv>, code: ErrorCode, message: string) {
  return c.json({ error: { code, message, request_id: c.get("requestId") } }, ERROR_STATUS[code]);
}

/** The OpenAPI responses of a route that may fail with these codes, by status. */
export type ErrorResponses<Code extends ErrorCode> = {
  [Status in StatusOf<Code>]: {
    description: string;
    content: { "application/json": { schema: z.ZodType<Envelope<CodeOf<Status, Code>>> } };
  };
};

type CodeOf<Status, Code extends ErrorCode> = Code extends ErrorCode
  ? StatusOf<Code> extends Status
    ? Code
    : never
  : never;

/**
 * Every code of a status in one response of the document.
 *
 * @example describeErrors(["not_found", "conflict"]) // { 404: {...}, 409: {...} }
 */
export function describeErrors<Code extends ErrorCode>(
  codes: Iterable<ErrorCode>,
): ErrorResponses<Code>;
export function describeErrors(codes: Iterable<ErrorCode>): Record<string, unknown> {
  const all = [...new Set(codes)].sort();
  const byStatus = Map.groupBy(all, (code) => ERROR_STATUS[code]);
  return Object.fromEntries(
    Array.from(byStatus, ([status, alike]) => [status, describeResponse(alike)]),
  );
}

const RESPONSES = new Map<string, ReturnType<typeof makeResponse>>();

/** One schema for each set of codes, however many routes have it. */
function describeResponse(codes: readonly ErrorCode[]) {
  const id = `Error_${codes.join("_or_")}`;
  const response = RESPONSES.get(id) ?? makeResponse(id, codes);
  RESPONSES.set(id, response);
  return response;
}

function makeResponse(id: string, codes: readonly ErrorCode[]) {
  const error = z.object({ code: z.enum(codes), message: z.string(), request_id: z.string() });
  return {
    description: codes.map((code) => `\`${code}\``).join(", "),
    content: { "application/json": { schema: z.object({ error }).meta({ id }) } },
  };
}
