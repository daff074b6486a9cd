// GET and PUT /v1/experiments: declare what is compared, and read what may be concluded so far.
import * as z from "zod";
import {
  readDeclarations,
  readExperimentRow,
  writeExperiment,
} from "../../catalog/declarations.ts";
import { readExperiment } from "../../isolate/declared.ts";
import { Declaration, Experiment, ExperimentId } from "../../recommend/experiment/contract.ts";
import type { Money } from "../../shop/money.ts";
import { readSettings } from "../../shop/settings.ts";
import { toDecimal, toMinorUnits } from "../../shop/units.ts";
import { readReportQuery, ReportQuery } from "./attribution.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { ExperimentResult, readResult } from "./experiment-result.ts";
import { createRouter } from "../middleware/router.ts";
import { sealModels } from "./trial.ts";
import { scalePrices } from "./rules.ts";
import { Currency } from "./shopper-schema.ts";

/** Ten variants with rules of their own, bytes. */
const BODY_LIMIT = 1024 * 1024;

const Path = z.object({ experiment_id: ExperimentId });

const ShownExperiment = Declaration.extend({
  experiment_id: ExperimentId,
  currency: Currency.describe("Of the prices in its variants' filters."),
}).meta({ id: "Experiment" });

export const experiments = createRouter();

experiments.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/experiments",
    tags: ["experiments"],
    summary: "All experiments",
    answers: {
      200: {
        description: "The oldest first.",
        content: {
          "application/json": { schema: z.object({ experiments: z.array(ShownExperiment) }) },
        },
      },
    },
  }),
  async (c) => {
    const declared = await readDeclarations(c.env.DB);
    const all = declared.experiments
      .map(({ body }) => readExperiment(body))
      .filter((each) => each !== null);
    const { money } = readSettings(c.env);
    return c.json({ experiments: all.map((each) => present(each, money)) }, 200);
  },
);

experiments.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/experiments/{experiment_id}",
    tags: ["experiments"],
    summary: "An experiment and its results so far",
    description:
      "The intervals and p-values hold at every look together, so that anybody may look every day and stop when it " +
      "is clear. Not for polling: it reads all events of the time.",
    request: { params: Path, query: ReportQuery },
    answers: {
      200: {
        description: "What may be concluded.",
        content: {
          "application/json": {
            schema: z.object({ experiment: ShownExperiment, result: ExperimentResult }),
          },
        },
      },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const row = await readExperimentRow(c.env.DB, c.req.valid("param").experiment_id);
    const experiment = row && readExperiment(row.body);
    if (row === null || experiment === null) {
      return fail(c, "not_found", "There is no such experiment.");
    }
    const asked = readReportQuery(c.req.valid("query"), Date.now());
    // No list is older than its experiment; what was clicked before need not be read.
    const query = { ...asked, from: Math.max(asked.from, row.created_at) };
    const { money } = readSettings(c.env);
    return c.json(
      {
        experiment: present(experiment, money),
        result: await readResult(c.env, experiment, query),
      },
      200,
    );
  },
);

experiments.openapi(
  defineRoute("secret", {
    method: "put",
    maxBytes: BODY_LIMIT,
    path: "/experiments/{experiment_id}",
    tags: ["experiments"],
    summary: "Declare, change or stop an experiment",
    description:
      "Shoppers are assigned by a hash, so nothing is stored and nobody moves between pages. One experiment at a " +
      "time may run on a surface, and one shadow beside it. Every isolate follows within seconds; models that " +
      "variants name are checked first, and nobody takes part where an isolate does not have them open.",
    request: {
      params: Path,
      body: { required: true, content: { "application/json": { schema: Declaration } } },
    },
    answers: {
      200: {
        description: "Declared.",
        content: { "application/json": { schema: ShownExperiment } },
      },
    },
    fails: ["invalid_request", "unprocessable", "conflict"],
  }),
  async (c) => {
    const { experiment_id } = c.req.valid("param");
    const parsed = Experiment.safeParse({ ...c.req.valid("json"), experiment_id });
    if (!parsed.success) {
      return fail(c, "invalid_request", `${parsed.error.issues[0]?.message ?? "invalid"}.`);
    }
    const experiment = parsed.data;
    if (experiment.status === "running") {
      const sealed = await sealModels(c.env, experiment);
      if (!sealed.ok) return fail(c, "unprocessable", sealed.reason.message);
    }
    const surfaces = experiment.status === "running" ? experiment.surfaces : [];
    const { currency, scale } = readSettings(c.env).money;
    const stored = rescale(experiment, (price) => toMinorUnits(price, scale));
    const body = JSON.stringify(stored);
    if (readExperiment(body) === null) {
      return fail(c, "invalid_request", "variants: a price is too large to be kept.");
    }
    const row = { experiment_id, body, kind: experiment.kind, surfaces };
    return (await writeExperiment(c.env.DB, row, Date.now()))
      ? c.json({ ...experiment, currency }, 200)
      : fail(c, "conflict", "Another experiment runs on one of these surfaces.");
  },
);

function present(stored: Experiment, { currency, scale }: Money) {
  return { ...rescale(stored, (price) => toDecimal(price, scale)), currency };
}

/** Prices in the variants' filters are stored in minor units and told in units. */
function rescale(experiment: Experiment, scale: (price: number) => number): Experiment {
  const variants = experiment.variants.map((variant) =>
    Object.assign({ ...variant }, { policy: scalePrices(variant.policy, scale) }),
  );
  return { ...experiment, variants };
}
