// /openapi.json and /docs, made of the routes themselves.
import { DOCUMENT } from "./document.ts";
import { renderPage } from "./page.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import type { AppRouter } from "../middleware/router.ts";

/** The page runs its own script and speaks to its own origin; nothing else. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; " +
  "frame-ancestors 'none'; base-uri 'none'";

const jsonRoute = defineStream("none", {
  method: "get",
  path: "/openapi.json",
  tags: ["documents"],
  summary: "This document",
  answers: {
    200: {
      description: "OpenAPI 3.1.",
      content: { "application/json": { schema: { type: "object" } } },
    },
  },
});

const pageRoute = defineStream("none", {
  method: "get",
  path: "/docs",
  tags: ["documents"],
  summary: "The same as a page to read and to try",
  answers: {
    200: { description: "HTML.", content: { "text/html": { schema: { type: "string" } } } },
  },
});

/** Adds both routes. Call it when every other route is there. */
export function serveDocs(app: AppRouter): void {
  let document: ReturnType<typeof readDocument> | undefined;
  const readDocument = () => app.getOpenAPI31Document({ ...DOCUMENT, tags: [...DOCUMENT.tags] });
  // Made when first asked for: an isolate that serves shoppers never needs it.
  const getDocument = () => (document ??= readDocument());
  serveStream(app, jsonRoute, (c) => {
    c.header("cache-control", "no-cache");
    return c.json(getDocument());
  });
  serveStream(app, pageRoute, (c) => {
    c.header("cache-control", "no-cache");
    c.header("content-security-policy", CONTENT_SECURITY_POLICY);
    return c.html(renderPage(getDocument()));
  });
}
