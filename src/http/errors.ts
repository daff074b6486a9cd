// The one table from error code to HTTP status, and the envelope that every error wears.
import * as z from "zod";
import type { Context } from "hono";
import type { AppEnv } from "./router.ts";

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
  unsupported_media_type: 415,
  unprocessable: 422,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const ErrorEnvelope = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    request_id: z.string(),
  }),
});

/** Answers with the envelope. `message` is a sentence for the caller's engineer. */
export function fail<Code extends ErrorCode>(c: Context<AppEnv>, code: Code, message: string) {
  const status: (typeof ERROR_STATUS)[Code] = ERROR_STATUS[code];
  return c.json({ error: { code, message, request_id: c.get("request_id") } }, status);
}

type ErrorResponse = {
  description: string;
  content: { "application/json": { schema: typeof ErrorEnvelope } };
};

/**
 * The `responses` of a route for the errors it may answer with.
 *
 * @example responses: { 200: {...}, ...errorResponses("unauthorized", "not_found") }
 */
export function errorResponses<Code extends ErrorCode>(...codes: Code[]) {
  const responses: Partial<Record<number, ErrorResponse>> = {};
  for (const code of codes) {
    const status = ERROR_STATUS[code];
    const others = responses[status]?.description;
    responses[status] = {
      description: others === undefined ? code : `${others}, ${code}`,
      content: { "application/json": { schema: ErrorEnvelope } },
    };
  }
  return responses as { [Status in (typeof ERROR_STATUS)[Code]]: ErrorResponse };
}
