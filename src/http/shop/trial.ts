// Models that an experiment names: checked before it runs, promoted when it has won.
import { accept, refuse } from "../../../durable/state/result.ts";
import type { Result } from "../../../durable/state/result.ts";
import * as z from "zod";
import { readExperimentRow, writeExperiment } from "../../catalog/declarations.ts";
import { promote, seal } from "../../../models/registry/promote.ts";
import type { Refusal } from "../../../models/registry/promote.ts";
import { readExperiment } from "../../isolate/declared.ts";
import { ExperimentId } from "../../recommend/experiment/contract.ts";
import type { Experiment, Variant } from "../../recommend/experiment/contract.ts";
import { fail } from "../middleware/errors.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { codeOf, Pointer } from "../operate/model-schema.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { nullable } from "../docs/nullable.ts";

/** The next-item model first: a ranking model alone has nothing to rank with. */
function listVersions({ models }: Variant) {
  const named = [
    { task: "next-item", version: models?.next_item },
    { task: "ranking", version: models?.ranking },
  ] as const;
  return named.flatMap(({ task, version }) => (version === undefined ? [] : [{ task, version }]));
}

/** Lets every model that the variants name answer, and fixes its files. */
export async function sealModels(
  env: Env,
  { variants }: Experiment,
): Promise<Result<null, Refusal>> {
  const { tryOut, findIncompatibility } = holdIsolate(env);
  for (const variant of variants) {
    for (const { task, version } of listVersions(variant)) {
      const sealed = await seal(env.BUCKET, task, version, tryOut);
      if (!sealed.ok) return sealed;
    }
    const message = await findIncompatibility(variant.models ?? {});
    if (message !== null) return refuse({ code: "unfit", message });
  }
  return accept(null);
}

const Body = z.object({ variant: z.string().describe("Whose models shall serve.") });

const Promoted = z
  .object({ next_item: nullable(Pointer), ranking: nullable(Pointer) })
  .meta({ id: "PromotedVariant" });

export const trial = createRouter();

trial.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/experiments/{experiment_id}/promote",
    tags: ["experiments"],
    summary: "Let a variant's models serve all shoppers, and stop the experiment",
    description:
      "As promoting each of its models. May be repeated where it was cut off half-way. Rules that the variant changes " +
      "are not taken over: declare them for their surfaces.",
    request: {
      params: z.object({ experiment_id: ExperimentId }),
      body: { required: true, content: { "application/json": { schema: Body } } },
    },
    answers: {
      200: {
        description: "They serve.",
        content: { "application/json": { schema: Promoted } },
      },
    },
    fails: ["not_found", "conflict", "unprocessable"],
  }),
  async (c) => {
    const { experiment_id } = c.req.valid("param");
    const { variant: name } = c.req.valid("json");
    const row = await readExperimentRow(c.env.DB, experiment_id);
    const experiment = row === null ? null : readExperiment(row.body);
    const variant = experiment?.variants.find((each) => each.name === name);
    if (experiment === null || variant === undefined) {
      return fail(c, "not_found", "There is no such experiment, or no such variant in it.");
    }
    const versions = listVersions(variant);
    if (versions.length === 0) {
      return fail(c, "unprocessable", `The variant ${name} names no models of its own.`);
    }
    const { tryToServe } = holdIsolate(c.env);
    const now = Date.now();
    const pointers: Record<"next-item" | "ranking", z.infer<typeof Pointer> | null> = {
      "next-item": null,
      ranking: null,
    };
    for (const { task, version } of versions) {
      const done = await promote(c.env.BUCKET, task, version, now, tryToServe);
      if (!done.ok) return fail(c, codeOf(done.reason), done.reason.message);
      pointers[task] = done.value;
    }
    // Only now: until the new pair serves, the experiment goes on with it.
    const body = JSON.stringify({ ...experiment, status: "stopped" });
    await writeExperiment(
      c.env.DB,
      { experiment_id, body, kind: experiment.kind, surfaces: [] },
      now,
    );
    return c.json({ next_item: pointers["next-item"], ranking: pointers.ranking }, 200);
  },
);
