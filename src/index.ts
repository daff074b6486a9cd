// The Worker: its doors for requests, queue messages and the clock. Wiring only.
import { runSchedule } from "./batch/schedule.ts";
import { deliverReminders } from "./carts/deliver.ts";
import { createApp } from "./http/app.ts";
import { consumeDeadLetters, consumeLog } from "./log/consume.ts";

export { Shopper } from "../durable/shopper.ts";

/** Name of the queue in wrangler.toml to which messages go that the log's consumer gave up on. */
const DEAD_QUEUE = "millrace-dead";

/** The same of the queue of reminders. */
const REMINDER_QUEUE = "millrace-reminders";

const app = createApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  async queue(batch, env) {
    if (batch.queue === REMINDER_QUEUE) return await deliverReminders(batch, env, Date.now());
    const consume = batch.queue === DEAD_QUEUE ? consumeDeadLetters : consumeLog;
    await consume(batch, env.DB, Date.now());
  },
  // The clock, not the time for which it was planned: leases are compared with those of requests.
  scheduled: (controller, env) => runSchedule(controller.cron, env, Date.now()),
} satisfies ExportedHandler<Env>;
