// Reads request bodies up to a limit, chunk by chunk: what is too large is never held in memory, whatever
// its content-length claims, and however small it came.
import { accept, refuse } from "../../../durable/state/result.ts";
import type { Result } from "../../../durable/state/result.ts";
import { createMiddleware } from "hono/factory";
import { fail } from "./errors.ts";
import type { AppEnv } from "./app-env.ts";
import { openSenderBody } from "./sender-body.ts";

const JSON_TYPE = /^application\/json *(;|$)/i;

/** Lets a request pass that says that its body is JSON; for routes whose schema reads the body. */
export const requireJson = createMiddleware<AppEnv>(async (c, next) => {
  if (JSON_TYPE.test(c.req.header("content-type") ?? "")) return await next();
  return fail(c, "unsupported_media_type", "Send JSON with `content-type: application/json`.");
});

/** Lets a request pass whose body has at most `maxSize` bytes; for routes whose schema reads the body. */
export function limitBody(maxSize: number) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const bytes = await readBytes(c.req.raw, maxSize);
    if (bytes === null) return fail(c, "body_too_large", describeLimit(maxSize));
    const { method } = c.req;
    if (bytes.byteLength > 0) c.req.raw = new Request(c.req.raw, { method, body: bytes });
    return await next();
  });
}

/** Null where there are more than `limit`. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length")) > limit) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of openSenderBody(request) ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit) return null;
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}

function describeLimit(bytes: number): string {
  return `The body may have at most ${bytes} bytes.`;
}

export type BodyError = {
  code: "body_too_large" | "invalid_json" | "unsupported_media_type";
  message: string;
};
export type Body<Value> = Result<Value, BodyError>;

/** JSON of at most `limit` bytes. */
export async function readJson(request: Request, limit: number): Promise<Body<unknown>> {
  const text = await readText(request, limit);
  if (!text.ok) return text;
  try {
    return accept<unknown>(JSON.parse(text.value));
  } catch {
    return refuse({ code: "invalid_json", message: "The body is not valid JSON." });
  }
}

/** UTF-8 text of at most `limit` bytes, as it is or as gzip unpacks it. */
export async function readText(request: Request, limit: number): Promise<Body<string>> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const tooLarge: BodyError = {
    code: "body_too_large",
    message: describeLimit(limit),
  };
  if (Number(request.headers.get("content-length")) > limit) return refuse(tooLarge);
  const body = unpack(request);
  if (body === null) {
    const message = "Send the body as it is, or with `content-encoding: gzip`.";
    return refuse({ code: "unsupported_media_type", message });
  }
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > limit) return refuse(tooLarge);
      text += decoder.decode(chunk, { stream: true });
    }
    return accept(text + decoder.decode());
  } catch (error) {
    if (error instanceof TypeError) {
      return refuse({
        code: "invalid_json",
        message: "The body is not valid UTF-8, or not packed as it says.",
      });
    }
    throw error;
  }
}

/** Null for a way of packing that is not known here. */
function unpack(request: Request): AsyncIterable<Uint8Array> | Uint8Array[] | null {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  const body = openSenderBody(request) ?? new Blob([]).stream();
  if (encoding === "identity" || encoding === "") return body;
  return encoding === "gzip" ? body.pipeThrough(new DecompressionStream("gzip")) : null;
}
