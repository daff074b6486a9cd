// Asks the Worker for a link that opens its console once.
import * as z from "zod";
import { expectStatus, type Api } from "../../client/api.ts";

const Link = z.object({ path: z.string() });

/** @param api with a secret key */
export async function askConsoleLink(api: Api, url: string): Promise<string> {
  const answer = await api.send("POST", "/console/links", "{}");
  const { path } = Link.parse(expectStatus(answer, 201, "A link to the console"));
  return new URL(path, url).href;
}
