// `npm run reminders:torture`: lives through interleavings of carts, purchases, consent, erasure, clocks, kills and a failing
// receiver, and says which reminders should not have been sent. Exits with 1 where there was one.
import { Command } from "commander";
import { torture } from "../lab/remind/torture.ts";
import { wholeNumber } from "./command-line.ts";

const command = new Command("reminders:torture")
  .description("Look for reminders that should not have been sent")
  .option("--interleavings <number>", "how many lives of a shopper", wholeNumber, 1_000_000)
  .option("--seed <number>", "the first life", wholeNumber, 1)
  .action(({ interleavings, seed }) => {
    const result = torture(Number(interleavings), Number(seed));
    console.log(JSON.stringify(result, null, 2));
    if (result.first !== null) process.exitCode = 1;
  });

await command.parseAsync();
