// The exported log: which days and files there are, and each file's bytes.
import * as z from "zod";
import { listExports, openPart, type ExportedDay } from "../../batch/export/list-exports.ts";
import { nameOf, sumParts, type Part } from "../../batch/export/parts.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time, toIso } from "../../shop/units.ts";
import { fail } from "../middleware/errors.ts";
import { defineRoute, defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day, YYYY-MM-DD");
const PartPath = z.object({ dt: Day, part: z.string().regex(/^part-[\d-]+\.parquet$/) });

const ExportPart = z
  .object({
    name: z.string(),
    rows: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    status: z.enum(["written", "verified"]).describe("`verified`: read back and equal to D1."),
    from_seq: z.int().describe("The slice of the log that it is of; other days' files share it."),
    to_seq: z.int(),
    min_time: Time.nullable(),
    max_time: Time.nullable(),
    written_at: Time.describe("Changes when an erased shopper is taken out."),
  })
  .meta({ id: "ExportPart" });

const ExportDay = z
  .object({
    dt: z.string(),
    rows: z.int(),
    bytes: z.int(),
    min_time: Time.nullable(),
    max_time: Time.nullable(),
    set_aside_rows: z.int().describe("Rows of bots, bursts and repeats, kept apart."),
    cleaning: z.record(z.string(), z.int()).describe("Rows that each cleaning step touched."),
    parts: z.array(ExportPart),
  })
  .meta({ id: "ExportDay" });

const Exports = z
  .object({
    currency: z.string().describe("Of every price in the files."),
    minor_units: z.int().describe("Prices are integers: so many make one unit of the currency."),
    exports: z.array(ExportDay),
  })
  .meta({ id: "Exports" });

export const exportedDays = createRouter();

exportedDays.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/exports",
    tags: ["operations"],
    summary: "List the exported days and their files",
    request: { query: z.object({ since: Day.default("0000-01-01") }) },
    answers: {
      200: {
        description: "In order of the day. Days are UTC and of the events' own time.",
        content: { "application/json": { schema: Exports } },
      },
    },
  }),
  async (c) => {
    const days = await listExports(c.env.DB, c.req.valid("query").since);
    const { currency, scale } = readSettings(c.env).money;
    return c.json({ currency, minor_units: scale, exports: days.map(presentDay) }, 200);
  },
);

// Registered by hand: the answer is a stream of bytes, which no schema looks at.
const route = defineStream("secret", {
  method: "get",
  path: "/exports/{dt}/{part}",
  tags: ["operations"],
  summary: "Download one file of the export",
  request: { params: PartPath },
  answers: {
    200: {
      description: "Parquet; its SHA-256 is the `etag`.",
      content: {
        "application/vnd.apache.parquet": { schema: { type: "string", format: "binary" } },
      },
    },
  },
  fails: ["invalid_request", "not_found"],
});

serveStream(exportedDays, route, async (c) => {
  const path = PartPath.safeParse(c.req.param());
  if (!path.success)
    return fail(c, "invalid_request", "The path names no file of an exported day.");
  const found = await openPart(c.env, path.data.dt, path.data.part);
  if (found === null)
    return fail(c, "not_found", "There is no such file; GET /v1/exports lists them.");
  return c.body(found.object.body, 200, {
    "content-type": "application/vnd.apache.parquet",
    "content-length": String(found.object.size),
    etag: `"${found.part.sha256}"`,
  });
});

function presentDay({ dt, parts, set_aside }: ExportedDay): z.infer<typeof ExportDay> {
  const { rows, bytes, min_time, max_time } = sumParts(parts);
  return {
    dt,
    rows,
    bytes,
    min_time,
    max_time,
    set_aside_rows: sumParts(set_aside).rows,
    cleaning: sumParts([...parts, ...set_aside]).cleaning,
    parts: parts.map(presentPart),
  };
}

function presentPart(part: Part): z.infer<typeof ExportPart> {
  const { rows, bytes, sha256, status, from_seq, to_seq } = part;
  const { min_time, max_time } = sumParts([part]);
  const written_at = toIso(part.written_at);
  return {
    name: nameOf(part),
    rows,
    bytes,
    sha256,
    status,
    from_seq,
    to_seq,
    min_time,
    max_time,
    written_at,
  };
}
