// The Worker: its doors for requests, queue messages and the clock. Wiring only.
import { runSchedule } from "./batch/schedule.ts";
import { deliverReminders } from "./carts/deliver.ts";
import { tellWatch } from "./console/tell-watch.ts";
import { createApp } from "./http/app.ts";
import { consumeDeadLetters, consumeLog } from "./log/consume.ts";

export { Shopper } from "../durable/shopper.ts";
export { Watch } from "../durable/watch/watch.ts";

/** Name of the queue in wrangler.toml to which messages go that the log's consumer gave up on. */
const DEAD_QUEUE = "millrace-dead";

/** The same of the queue of reminders. */
const REMINDER_QUEUE = "millrace-reminders";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async queue(batch, env, context) {
    const now = Date.now();
    if (batch.queue === REMINDER_QUEUE) return await deliverReminders(batch, env, now);
    if (batch.queue === DEAD_QUEUE) return await consumeDeadLetters(batch, env.DB, now);
    await consumeLog(batch, env.DB, now, (contents) => {
      context.waitUntil(tellWatch(env, contents, Date.now()));
    });
  },
  // The clock, not the time for which it was planned: leases are compared with those of requests.
  scheduled: (controller, env) => runSchedule(controller.cron, env, Date.now()),
} satisfies ExportedHandler<Env>;
