// The registry as the API shows it.
import * as z from "zod";
import { TASKS } from "../../../models/registry/keys.ts";
import type { Task } from "../../../models/registry/keys.ts";
import type { listVersions } from "../../../models/registry/list-versions.ts";
import type { Refusal } from "../../../models/registry/promote.ts";
import type { FollowerState } from "../../../models/registry/pointer-follower.ts";
import { Time } from "../../shop/units.ts";
import type { Trial } from "../../isolate/model-watch.ts";
import { nullable } from "../docs/nullable.ts";

export const Pointer = z
  .object({
    version: z.string().nullable().describe("null: the first version was taken back."),
    history: z.array(z.string()).describe("Versions that served before, the latest first."),
    promoted_at: Time,
  })
  .meta({ id: "ModelPointer" });

export const TaskModels = z
  .object({
    task: z.enum(TASKS),
    current: nullable(Pointer),
    versions: z.array(
      z.object({
        version: z.string(),
        created_at: Time.nullable(),
        parent: z.string().nullable(),
        data: z
          .object({
            source: z.string(),
            from: Time.nullable(),
            to: Time.nullable(),
            events: z.number(),
          })
          .nullable()
          .describe("What it learned from: which export, which days, how many events."),
        metrics: z.record(z.string(), z.number()),
        reason: z.string().nullable().describe("Why its manifest cannot be read."),
      }),
    ),
    here: z
      .object({
        wanted: z.string().nullable(),
        serving: z.string().nullable(),
        refused: z.array(z.object({ version: z.string(), reason: z.string() })),
      })
      .nullable()
      .describe(
        "What the isolate that answers makes of it; null for tasks that it does not serve.",
      ),
  })
  .meta({ id: "TaskModels" });

export const OnTrial = z
  .object({
    next_item: z.string().nullable(),
    ranking: z.string().nullable(),
    open: z.boolean(),
    reason: z.string().nullable().describe("Why the isolate that answers does not have it open."),
  })
  .meta({ id: "ModelsOnTrial" });

export function presentTrial({ names, set, reason }: Trial): z.infer<typeof OnTrial> {
  const { next_item = null, ranking = null } = names;
  return { next_item, ranking, open: set !== null, reason };
}

export function presentTask(
  task: Task,
  { pointer, versions }: Awaited<ReturnType<typeof listVersions>>,
  here: FollowerState | null,
): z.infer<typeof TaskModels> {
  return {
    task,
    current: pointer === null || pointer.version === null ? null : pointer,
    versions: versions.map((listed) => {
      const manifest = "manifest" in listed ? listed.manifest : null;
      return {
        version: listed.version,
        created_at: manifest?.created_at ?? null,
        parent: manifest?.parent ?? null,
        data: manifest?.data ?? null,
        metrics: manifest?.metrics ?? {},
        reason: "reason" in listed ? listed.reason : null,
      };
    }),
    here,
  };
}

export function codeOf({ code }: Refusal): "conflict" | "unprocessable" {
  return code === "conflict" ? "conflict" : "unprocessable";
}
