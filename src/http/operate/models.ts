// The model registry: publish files, promote a version, roll back, see what serves.
import * as z from "zod";
import { FILE_PATTERN, TASKS, VERSION_PATTERN } from "../../../models/registry/keys.ts";
import { listVersions } from "../../../models/registry/list-versions.ts";
import { promote, putFile, rollBack } from "../../../models/registry/promote.ts";
import { MAX_MODEL_BYTES } from "../../../models/registry/verify.ts";
import { fail } from "../middleware/errors.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { codeOf, OnTrial, Pointer, TaskModels, presentTask, presentTrial } from "./model-schema.ts";
import { defineRoute, defineStream, serveStream } from "../middleware/define-route.ts";
import { openSenderBody } from "../middleware/sender-body.ts";
import { createRouter } from "../middleware/router.ts";

const Task = z.enum(TASKS);
const FilePath = z.object({
  task: Task,
  version: z.string().regex(VERSION_PATTERN),
  file: z.string().regex(FILE_PATTERN),
});

export const models = createRouter();

models.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/models",
    tags: ["models"],
    summary: "What serves, and what could",
    answers: {
      200: {
        description: "Each task with its versions, and what experiments have on trial.",
        content: {
          "application/json": {
            schema: z.object({
              models: z.array(TaskModels),
              trials: z.array(OnTrial),
              errors: z
                .record(z.string(), z.string())
                .describe(
                  "What the isolate that answers could not read when it last looked, and why.",
                ),
            }),
          },
        },
      },
    },
  }),
  async (c) => {
    const { isolate, intent } = holdIsolate(c.env);
    await isolate.keepUp(Date.now(), (work) => c.executionCtx.waitUntil(work));
    await intent.keepUp(Date.now(), (work) => c.executionCtx.waitUntil(work));
    const states = {
      "next-item": isolate.models.state,
      ranking: isolate.models.rankingState,
      intent: intent.state,
    };
    const listed = await Promise.all(
      TASKS.map(async (task) => {
        const here = { ...states, demand: null }[task];
        return presentTask(task, await listVersions(c.env.BUCKET, task), here);
      }),
    );
    const { models, lastErrors } = isolate;
    return c.json(
      {
        models: listed,
        trials: models.trials.map(presentTrial),
        errors:
          intent.lastError === null ? lastErrors : { ...lastErrors, intent: intent.lastError },
      },
      200,
    );
  },
);

// Registered by hand: the body is a stream of bytes of any kind, which no schema looks at.
const route = defineStream("secret", {
  method: "put",
  path: "/models/{task}/{version}/{file}",
  tags: ["models"],
  summary: "Publish one file of a version",
  description:
    "Send the files and then `manifest.json`, each with a content-length; nothing serves before it is promoted. " +
    "A version that has served or was on trial cannot be written over.",
  request: {
    params: FilePath,
    body: {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    },
  },
  answers: {
    201: {
      description: "Stored.",
      content: {
        "application/json": { schema: z.object({ key: z.string(), bytes: z.int() }) },
      },
    },
  },
  fails: ["invalid_request", "conflict", "body_too_large"],
});

serveStream(models, route, async (c) => {
  const index = FilePath.safeParse(c.req.param());
  if (!index.success) {
    return fail(c, "invalid_request", "The path names no task, version and file of a model.");
  }
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  const body = openSenderBody(c.req.raw);
  if (body === null || !Number.isInteger(length)) {
    return fail(c, "invalid_request", "Send the file with a content-length.");
  }
  if (length > MAX_MODEL_BYTES) {
    return fail(c, "body_too_large", `A model may have ${MAX_MODEL_BYTES} bytes in all.`);
  }
  const sized = body.pipeThrough(new FixedLengthStream(length));
  const put = await putFile(c.env.BUCKET, index.data, sized);
  if (!put.ok) return fail(c, "conflict", put.reason.message);
  return c.json({ key: put.value.key, bytes: put.value.size }, 201);
});

models.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/models/{task}/promote",
    tags: ["models"],
    summary: "Let a version serve",
    description:
      "Checks every file against its hash, the features and shapes, each number of its tables, its items against the " +
      "catalogue and that the next-item model is there which a ranking model reads, and lets the model answer. All isolates " +
      "follow within seconds; the old version serves until the new one is ready.",
    request: {
      params: z.object({ task: Task }),
      body: {
        required: true,
        content: {
          "application/json": { schema: z.object({ version: z.string().regex(VERSION_PATTERN) }) },
        },
      },
    },
    answers: {
      200: { description: "It serves.", content: { "application/json": { schema: Pointer } } },
    },
    fails: ["conflict", "unprocessable"],
  }),
  async (c) => {
    const { task } = c.req.valid("param");
    const { version } = c.req.valid("json");
    const { tryToServe } = holdIsolate(c.env);
    const done = await promote(c.env.BUCKET, task, version, Date.now(), tryToServe);
    return done.ok ? c.json(done.value, 200) : fail(c, codeOf(done.reason), done.reason.message);
  },
);

models.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/models/{task}/rollback",
    tags: ["models"],
    summary: "Let the version before serve again",
    description: "After the first version none serves again, and lists are made without a model.",
    request: { params: z.object({ task: Task }) },
    answers: {
      200: { description: "It serves.", content: { "application/json": { schema: Pointer } } },
    },
    fails: ["conflict"],
  }),
  async (c) => {
    const done = await rollBack(c.env.BUCKET, c.req.valid("param").task, Date.now());
    return done.ok ? c.json(done.value, 200) : fail(c, "conflict", done.reason.message);
  },
);
