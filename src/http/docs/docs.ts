// /openapi.json and /docs, made of the routes themselves.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { DOCUMENT } from "./document.ts";
import { renderPage } from "./page.ts";
import type { AppEnv } from "../middleware/app-env.ts";

/** The page runs its own script and speaks to its own origin; nothing else. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; " +
  "frame-ancestors 'none'; base-uri 'none'";

/** Adds both routes. Call it when every other route is there. */
export function serveDocs(app: OpenAPIHono<AppEnv>): void {
  let document: ReturnType<typeof readDocument> | undefined;
  const readDocument = () => app.getOpenAPI31Document({ ...DOCUMENT, tags: [...DOCUMENT.tags] });
  // Made when first asked for: an isolate that serves shoppers never needs it.
  const getDocument = () => (document ??= readDocument());
  app.get("/openapi.json", (c) => c.json(getDocument()));
  app.get("/docs", (c) => {
    c.header("content-security-policy", CONTENT_SECURITY_POLICY);
    return c.html(renderPage(getDocument()));
  });
}
