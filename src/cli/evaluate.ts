// `npm run evaluate`: trains models and baselines, judges them by what they did not see, prints and reports the quality.
import { Command, InvalidArgumentError, Option } from "commander";
import { ENCODER_NAMES } from "../../models/next-item/config.ts";
import type { EncoderName } from "../../models/next-item/config.ts";
import { readTime, runCommand, wholeNumber } from "./command-line.ts";
import { evaluateBaskets } from "../lab/evaluate/basket.ts";
import { evaluateDemand } from "../lab/evaluate/demand.ts";
import { evaluateNextItem } from "../lab/evaluate/next-item.ts";
import type { EvaluateOptions } from "../lab/evaluate/next-item.ts";
import { evaluateIntent, ONLINE_SHOPPERS } from "../lab/evaluate/intent.ts";
import { evaluateRanking } from "../lab/evaluate/ranking.ts";
import { LOG_NAMES } from "../lab/open-log.ts";

const TASKS = ["next-item", "ranking", "basket", "intent", "demand"] as const;
type Task = (typeof TASKS)[number];
/** Options of one task alone, as commander names them. */
const OWN_OPTIONS: Record<Task, readonly string[]> = {
  "next-item": ["test", "validate"],
  ranking: [],
  basket: ["judgeFrom"],
  intent: [],
  demand: [],
};
const FOLDS = 5;

function encoderNames(text: string): EncoderName[] {
  return text.split(",").map((name) => {
    const known = ENCODER_NAMES.find((encoder) => encoder === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`Choose from ${ENCODER_NAMES.join(", ")}.`);
    }
    return known;
  });
}

function foldCount(text: string): number {
  const folds = wholeNumber(text);
  if (folds < 2) throw new InvalidArgumentError("Cross-validation needs 2 folds or more.");
  return folds;
}

type Options = Omit<EvaluateOptions, "report" | "train"> & {
  task: Task;
  folds: number;
  report?: string;
  train?: string;
  data?: string;
  /** ms */
  judgeFrom?: number;
};

function evaluate(options: Options, isGiven: (name: string) => boolean): Promise<number> {
  const { task, folds, report = `reports/${task}.html` } = options;
  const strange = TASKS.filter((other) => other !== task)
    .flatMap((other) => OWN_OPTIONS[other])
    .find(isGiven);
  if (strange !== undefined) throw new Error(`--task ${task} has no --${strange}.`);
  const train = options.data ?? options.train;
  if (train === undefined) throw new Error("Name what to learn from by --data.");
  if (task !== "ranking" && task !== "intent" && isGiven("folds"))
    throw new Error(`--task ${task} has no --folds.`);
  if (task === "intent") {
    return evaluateIntent({ ...options, report, data: train, folds: isGiven("folds") ? folds : 0 });
  }
  if (options.source === ONLINE_SHOPPERS)
    throw new Error(`--source ${ONLINE_SHOPPERS} is for --task intent.`);
  if (task === "demand") {
    if (options.source !== undefined && options.source !== "online-retail") {
      throw new Error("--task demand reads --source online-retail.");
    }
    return evaluateDemand({ ...options, data: train, report });
  }
  if (task === "basket") {
    const { source = "online-retail", judgeFrom } = options;
    if (judgeFrom === undefined)
      throw new Error("Say --judge-from <time>: orders before it are learned from.");
    return evaluateBaskets({ ...options, train, source, judgeFrom });
  }
  if (task === "next-item") return evaluateNextItem({ ...options, report, train });
  const [encoder, another] = options.encoder || [];
  if (encoder === undefined || another !== undefined) {
    throw new Error("--task ranking judges lists made with one encoder: name one by --encoder.");
  }
  return evaluateRanking({
    ...options,
    report,
    train,
    encoder: isGiven("encoder") ? encoder : undefined,
  });
}

const program = new Command("evaluate")
  .description("Trains models and baselines and measures them on what they did not see.")
  .addOption(new Option("--task <task>", "what to judge").choices(TASKS).makeOptionMandatory())
  .option("--data <path>", "session file, event log or export to learn from")
  .option("--train <file>", "the same")
  .option("--test <file>", "next-item: lines of `context ids<TAB>target id` to judge by")
  .option("--validate", "next-item: judge by the last tenth of train instead", false)
  .option("--folds <number>", "ranking, intent: parts of the cross-validation", foldCount, FOLDS)
  .option("--judge-from <time>", "basket: judge by the orders from then on (ISO 8601)", readTime)
  .option("--map <pairs>", "what the columns say: event_time=ts,user_id=uid,item_id=sku")
  .addOption(
    new Option("--source <name>", "what kind of log it is, if its header does not tell").choices([
      ...LOG_NAMES,
      ONLINE_SHOPPERS,
    ]),
  )
  .addOption(
    new Option("--encoder <names>", "encoders to train, separated by commas; ranking: one")
      .argParser(encoderNames)
      .default(["hstu"] satisfies EncoderName[], "hstu"),
  )
  .option("--no-encoder", "next-item: judge the baselines only")
  .option("--config <file>", "JSON file with settings that differ from the default")
  .option("--seed <number>", "seed of training and of the intervals", wholeNumber, 1)
  .option("--threads <number>", "threads of one training step", wholeNumber, 2)
  .option("--report <file>", "the HTML report to write (reports/<task>.html)")
  .option("--json", "end with one line of JSON", false)
  .action((options: Options, command: Command) =>
    runCommand(() => evaluate(options, (name) => command.getOptionValueSource(name) === "cli")),
  );

await program.parseAsync();
