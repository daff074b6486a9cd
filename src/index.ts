// The Worker: its doors for requests, queue messages and the clock. Wiring only.
import { createApp } from "./http/app.ts";

export { Shopper } from "../durable/shopper.ts";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async queue() {},
  async scheduled() {},
} satisfies ExportedHandler<Env>;
