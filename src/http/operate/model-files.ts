// GET /v1/models/:task/:version/:file: one published file, so that a trainer can judge what serves beside its own.
import * as z from "zod";
import { FILE_PATTERN, TASKS, VERSION_PATTERN, fileKey } from "../../../models/registry/keys.ts";
import { fail } from "../middleware/errors.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const FilePath = z.object({
  task: z.enum(TASKS),
  version: z.string().regex(VERSION_PATTERN),
  file: z.string().regex(FILE_PATTERN),
});

export const modelFiles = createRouter();

// Registered by hand: the answer is a stream of bytes, which no schema looks at.
const route = defineStream("secret", {
  method: "get",
  path: "/models/{task}/{version}/{file}",
  tags: ["models"],
  summary: "Download one file of a version",
  request: { params: FilePath },
  answers: {
    200: {
      description: "As it was published.",
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    },
  },
  fails: ["invalid_request", "not_found"],
});

serveStream(modelFiles, route, async (c) => {
  const index = FilePath.safeParse(c.req.param());
  if (!index.success) {
    return fail(c, "invalid_request", "The path names no task, version and file of a model.");
  }
  const { task, version, file } = index.data;
  const stored = await c.env.BUCKET.get(fileKey(task, version, file));
  if (stored === null) return fail(c, "not_found", `${task} version ${version} has no ${file}.`);
  return c.body(stored.body, 200, {
    "content-type": "application/octet-stream",
    "content-length": String(stored.size),
  });
});
