// `npm run evaluate`: trains encoders and baselines, ranks all items for every example, prints and reports the quality.
import { Command, InvalidArgumentError, Option } from "commander";
import { ENCODER_NAMES } from "../../models/next-item/config.ts";
import type { EncoderName } from "../../models/next-item/config.ts";
import { runCommand, wholeNumber } from "./command-line.ts";
import { evaluateNextItem } from "./evaluate/next-item.ts";
import type { EvaluateOptions } from "./evaluate/next-item.ts";
import { LOG_NAMES } from "./open-log.ts";

const TASKS = ["next-item"];

function encoderNames(text: string): EncoderName[] {
  return text.split(",").map((name) => {
    const known = ENCODER_NAMES.find((encoder) => encoder === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`Choose from ${ENCODER_NAMES.join(", ")}.`);
    }
    return known;
  });
}

const program = new Command("evaluate")
  .description("Trains models and baselines and measures how well they rank what comes next.")
  .addOption(new Option("--task <task>", "what to judge").choices(TASKS).makeOptionMandatory())
  .requiredOption("--train <file>", "session file or event log to learn from")
  .option("--test <file>", "lines of `context ids<TAB>target id` to judge by")
  .option("--validate", "judge by the last tenth of train instead", false)
  .addOption(
    new Option("--source <name>", "what kind of log it is, if its header does not tell").choices(
      LOG_NAMES,
    ),
  )
  .addOption(
    new Option("--encoder <names>", "encoders to train, separated by commas")
      .argParser(encoderNames)
      .default(["hstu"] satisfies EncoderName[], "hstu"),
  )
  .option("--no-encoder", "judge the baselines only")
  .option("--config <file>", "JSON file with settings that differ from the default")
  .option("--seed <number>", "seed of training and of the intervals", wholeNumber, 1)
  .option("--threads <number>", "threads of one training step", wholeNumber, 2)
  .option("--report <file>", "the HTML report to write", "reports/next-item.html")
  .option("--json", "end with one line of JSON", false)
  .action((options: EvaluateOptions) => runCommand(() => evaluateNextItem(options)));

await program.parseAsync();
