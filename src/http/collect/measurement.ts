// POST /mp/collect: the path of GA4's Measurement Protocol. A server that sends there sends here by changing its host.
import * as z from "zod";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { TAKE_FAILS, takeRequest } from "./take-events.ts";
import { ANSWER } from "./events.ts";

const Body = z
  .looseObject({
    client_id: z.string().optional(),
    app_instance_id: z.string().optional(),
    user_id: z.string().optional(),
    timestamp_micros: z.union([z.int(), z.string()]).optional(),
    consent: z.looseObject({}).optional(),
    events: z.array(z.looseObject({ name: z.string(), params: z.looseObject({}).optional() })),
  })
  .meta({ id: "MeasurementProtocol" });

export const collect = createRouter();

const route = defineStream("sender", {
  method: "post",
  path: "/mp/collect",
  tags: ["ga4"],
  summary: "Send events by GA4's Measurement Protocol",
  description: "`api_secret` is a publishable key; a secret one belongs into the header.",
  request: {
    query: z.object({
      measurement_id: z.string().optional().describe("Not read."),
      firebase_app_id: z.string().optional().describe("Not read."),
      api_secret: z.string().optional(),
    }),
    body: { required: true, content: { "application/json": { schema: Body } } },
  },
  answers: { 200: ANSWER },
  fails: TAKE_FAILS,
});

serveStream(collect, route, (c) => takeRequest(c, (verdicts) => c.json(verdicts, 200)));
