// `npm run simulate`: writes the simulated shop as NDJSON, first its items, then its events in event-time order.
// Each line is {"item": ...} (as `PUT /v1/items` takes it) or {"event": ...} (as `POST /v1/events` takes it).
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { wholeNumber } from "./command-line.ts";
import { simulateShop, type SimulatedShop } from "../lab/simulate/shop.ts";

function* toLines({ catalogue, events }: SimulatedShop): Generator<string> {
  for (const item of catalogue) yield `${JSON.stringify({ item })}\n`;
  for (const event of events) yield `${JSON.stringify({ event })}\n`;
}

const command = new Command("simulate")
  .description("Write the items and events of a simulated shop as NDJSON")
  .option("--seed <number>", "the same seed gives the same shop", wholeNumber, 7)
  .option("--shoppers <number>", "how many shoppers", wholeNumber, 2_000)
  .option("--days <number>", "how many days they shop", wholeNumber, 60)
  .option("--until <date>", "the end of the simulated time (ISO 8601)", "2026-11-01T00:00:00Z")
  .requiredOption("--out <file>", "where to write")
  .action(async ({ seed, shoppers, days, until, out }) => {
    const end = Date.parse(String(until));
    if (Number.isNaN(end)) throw new Error(`--until is no date: ${String(until)}`);
    const shop = simulateShop({ seed, shoppers, days, until: end });
    await pipeline(Readable.from(toLines(shop)), createWriteStream(String(out)));
    console.log(
      `${shop.catalogue.length} items and ${shop.events.length} events in ${String(out)}`,
    );
  });

await command.parseAsync();
