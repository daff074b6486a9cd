// The one table from error code to HTTP status, and the envelope that every error wears.
import * as z from "zod";
import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";

export const ERROR_STATUS = {
  invalid_json: 400,
  invalid_request: 400,
  batch_too_large: 400,
  unauthorized: 401,
  invalid_token: 401,
  secret_key_required: 403,
  not_found: 404,
  conflict: 409,
  body_too_large: 413,
  unprocessable: 422,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const ErrorEnvelope = z
  .object({
    error: z.object({
      code: z.string().meta({ example: "unauthorized" }),
      message: z.string(),
      request_id: z.string(),
    }),
  })
  .meta({ id: "Error" });

/** Answers with the envelope. `message` is a sentence for the caller's engineer. */
export function fail<Code extends ErrorCode>(c: Context<AppEnv>, code: Code, message: string) {
  const status: (typeof ERROR_STATUS)[Code] = ERROR_STATUS[code];
  return c.json({ error: { code, message, request_id: c.get("request_id") } }, status);
}

/**
 * The OpenAPI response of each error status.
 *
 * @example responses: { 200: {...}, 401: ERRORS[401], 404: ERRORS[404] }
 */
export const ERRORS = {
  400: describe(400),
  401: describe(401),
  403: describe(403),
  404: describe(404),
  409: describe(409),
  413: describe(413),
  422: describe(422),
  503: describe(503),
} as const;

function describe(status: number) {
  const codes = Object.entries(ERROR_STATUS).filter(([, of]) => of === status);
  return {
    description: codes.map(([code]) => `\`${code}\``).join(", "),
    content: { "application/json": { schema: ErrorEnvelope } },
  };
}
