// What the edge knows of a request's sender.
import type { Context } from "hono";
import type { AppEnv } from "../middleware/app-env.ts";

/** Where a browser stands. A back end's own place says nothing about its shoppers. */
export function readEdge(
  c: Context<AppEnv>,
  key = c.get("key"),
): { country: string | null; device: string | null } {
  if (key === "secret") return { country: null, device: null };
  const country = c.req.raw.cf?.country;
  return {
    country: typeof country === "string" ? country : null,
    device: readDevice(c.req.header("user-agent")),
  };
}

/** A rough class is all that a profile needs. */
function readDevice(agent: string | undefined): "tablet" | "mobile" | "desktop" | null {
  if (agent === undefined) return null;
  if (/iPad|Tablet/i.test(agent)) return "tablet";
  if (/Mobi/i.test(agent)) return "mobile";
  return agent.startsWith("Mozilla/") ? "desktop" : null;
}
