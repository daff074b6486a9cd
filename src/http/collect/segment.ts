// Segment's HTTP API, and so RudderStack's: a path for each kind of message, long and short. A library that sends there
// sends here by changing its host.
import * as z from "zod";
import { isFields } from "../../ingest/read/fields.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { TAKE_FAILS, takeRequest } from "./take-events.ts";
import { Verdicts } from "./verdicts.ts";

const KINDS = ["track", "identify", "page", "screen", "group", "alias"] as const;
const PATHS: readonly { path: string; type: (typeof KINDS)[number] | null }[] = [
  ...KINDS.flatMap((type) => [
    { path: `/${type}`, type },
    { path: `/${type.slice(0, 1)}`, type },
  ]),
  { path: "/batch", type: null },
  { path: "/b", type: null },
  { path: "/import", type: null },
];

const Message = z
  .looseObject({
    writeKey: z.string().optional().describe("A key, where no header has it."),
    userId: z.union([z.string(), z.number()]).nullish(),
    anonymousId: z.string().nullish(),
    messageId: z.string().nullish(),
    timestamp: z.string().nullish(),
    sentAt: z.string().nullish(),
  })
  .meta({ id: "SegmentMessage" });

const Batch = z.looseObject({ batch: z.array(Message) });

const Answer = Verdicts.extend({ success: z.literal(true) }).meta({ id: "SegmentVerdicts" });

export const segment = createRouter();

for (const { path, type } of PATHS) {
  const route = defineStream("sender", {
    method: "post",
    path,
    tags: ["segment"],
    summary: type === null ? "Send Segment messages" : `Send a Segment ${type} message`,
    request: {
      body: {
        required: true,
        content: { "application/json": { schema: type === null ? Batch : Message } },
      },
    },
    // Segment's own status: some libraries take any other for a failure.
    answers: {
      200: {
        description: "Each message has its verdict.",
        content: { "application/json": { schema: Answer } },
      },
    },
    fails: TAKE_FAILS,
  });
  const withType = (row: unknown) =>
    type !== null && isFields(row) && row["type"] === undefined ? { ...row, type } : row;
  serveStream(segment, route, (c) =>
    takeRequest(c, (verdicts) => c.json({ success: true, ...verdicts }, 200), { change: withType }),
  );
}
