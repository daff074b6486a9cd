// `npm run train`: trains a model on a session file, an event log or an export folder, and writes a model folder.
import { Command, Option } from "commander";
import { runCommand } from "./command-line.ts";
import { trainDemandModel } from "../lab/train/demand.ts";
import { trainIntentModel } from "../lab/train/intent.ts";
import { trainNextItemModel } from "../lab/train/next-item.ts";
import type { NextItemOptions } from "../lab/train/next-item.ts";
import { trainRankingModel } from "../lab/train/ranking.ts";
import { ENCODER_NAMES } from "../../models/next-item/config.ts";
import { TABLE_FORMS } from "../../models/next-item/network/table-form.ts";
import { LOG_NAMES } from "../lab/open-log.ts";

const TASKS = ["next-item", "ranking", "intent", "demand"] as const;

const TRAINERS = {
  "next-item": trainNextItemModel,
  ranking: trainRankingModel,
  intent: trainIntentModel,
  demand: trainDemandModel,
} as const;

const program = new Command("train")
  .description("Trains a model and writes a model folder.")
  .addOption(new Option("--task <task>", "what to train").choices(TASKS).makeOptionMandatory())
  .requiredOption("--data <path>", "session file, event log or export folder")
  .option("--map <pairs|file>", "what the columns say: event_time=ts,item_id=sku; or a JSON file")
  .addOption(
    new Option("--source <name>", "what kind of log it is, if its header does not tell").choices(
      LOG_NAMES,
    ),
  )
  .option("--currency <code>", "of an export's prices, where its files do not say it (the shop's)")
  .addOption(
    new Option("--encoder <name>", "next-item: the session encoder").choices(ENCODER_NAMES),
  )
  .option("--config <file>", "JSON file with settings that differ from the default")
  .option("--out <folder>", "the model folder to write (dist/models/<task>)")
  .addOption(
    new Option("--form <format>", "number format of the item table")
      .choices(TABLE_FORMS)
      .default("float32"),
  )
  .option("--seed <number>", "random seed", Number)
  .option("--threads <number>", "threads of one step", Number, 2)
  .option("--resume", "go on where an interrupted run left off", false)
  .action(
    (options: Omit<NextItemOptions, "out"> & { task: (typeof TASKS)[number]; out?: string }) => {
      const { task, out = `dist/models/${task}` } = options;
      return runCommand(() => TRAINERS[task]({ ...options, out }));
    },
  );

await program.parseAsync();
