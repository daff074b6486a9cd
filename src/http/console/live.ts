// GET /console/live: a WebSocket on which a browser hears of new events as the log takes them.
import { SESSION_ENDS } from "../../../durable/contract.ts";
import { openWatch } from "../../../durable/stubs.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { createRouter } from "../middleware/router.ts";
import { hasOwnOrigin, readSession } from "../middleware/session.ts";

/** A key is good for as long as it is in force; its sockets are for an hour, ms. */
const KEY_MS = 3_600_000;

export const live = createRouter();

const route = defineStream("secret", {
  method: "get",
  path: "/console/live",
  tags: ["console"],
  summary: "Hear of new events",
  description:
    "A WebSocket: one text a batch of the log, JSON, with counts and the newest events under their pseudonyms. Send " +
    "`ping` to hear `pong`.",
  answers: { 101: { description: "The socket." } },
  fails: ["invalid_request", "cross_site_request"],
});

serveStream(live, route, async (c) => {
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket")
    return fail(c, "invalid_request", "Ask for a WebSocket.");
  // Any page may open a socket anywhere, and a browser sends its cookies along.
  if (c.req.header("origin") !== undefined && !hasOwnOrigin(c))
    return fail(c, "cross_site_request", "The socket is for the console's own page.");
  const session = await readSession(c);
  const ends = session === null ? Date.now() + KEY_MS : session.expires_at * 1000;
  const headers = { upgrade: "websocket", [SESSION_ENDS]: String(ends) };
  return await openWatch(c.env.WATCH).fetch(new Request(c.req.url, { headers }));
});
