// Can a shop send what it sends already? Each message of each standard, against what it means in our own words: taken
// without loss or complaint, and the shopper's memory the same afterwards. The README's table is this test's.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../durable/state/canonical-json.ts";
import { emptyShop, replayEvent, replayIdentify } from "../../../../durable/state/replay.ts";
import { dispatchEvent, type Dispatch } from "../../../../src/ingest/dispatch.ts";
import { expand } from "../../../../src/ingest/expand.ts";
import { TRUSTED } from "../../../../src/shop/identity.ts";
import { readMoney } from "../../../../src/shop/money.ts";
import { NOON, VISITOR, type Case } from "./case.ts";
import { GA4_EVENTS, GA4_FORMS } from "./ga4.ts";
import { SEGMENT_KINDS, SEGMENT_V1, SEGMENT_V2 } from "./segment.ts";
import { PIXEL, RUDDERSTACK } from "./shopify.ts";

const STANDARDS: readonly (readonly [name: string, cases: readonly Case[]])[] = [
  ["Segment e-commerce v2", SEGMENT_V2],
  ["Segment e-commerce v1 names", SEGMENT_V1],
  ["Segment's other kinds of message", SEGMENT_KINDS],
  ["GA4 events in our envelope", GA4_EVENTS],
  ["GA4 as sent: Measurement Protocol, dataLayer, gtag", GA4_FORMS],
  ["RudderStack's Shopify source", RUDDERSTACK],
  ["Shopify Web Pixel", PIXEL],
];

const SETTINGS = {
  now: NOON,
  money: readMoney("EUR", '{"USD": 0.92}'),
  default_consent: { analytics: true, personalization: true },
  pseudonymise: (kind: string, id: string) => Promise.resolve(`${kind}:${id}`),
  trusted: false,
  proveUser: TRUSTED,
  edge: { country: null, device: null },
  findItem: () => null,
};

async function dispatchAll(rows: readonly unknown[]): Promise<Dispatch[]> {
  const dispatches = await Promise.all(rows.map((row) => dispatchEvent(row, SETTINGS)));
  return dispatches.map((each) =>
    "delivery" in each && !each.delivery.fold && !each.delivery.log ? { kind: "dropped" } : each,
  );
}

/** The memory after these, whatever the ids of the events. */
function remember(dispatches: readonly Dispatch[]): string {
  const shop = emptyShop();
  for (const dispatch of dispatches) {
    if (!("delivery" in dispatch)) continue;
    const { event } = dispatch.delivery;
    if (dispatch.kind === "ingest") replayEvent(shop, dispatch.shopper, event);
    else replayIdentify(shop, dispatch.anonymous, dispatch.user, event);
  }
  return canonicalJson([
    [...shop.streams].map(([name, { live }]) => [name, live]),
    [...shop.links],
  ]);
}

function logged(dispatches: readonly Dispatch[]): object[] {
  return dispatches.flatMap((each) =>
    "delivery" in each ? [{ ...each.delivery.event, event_id: "" }] : [],
  );
}

/** Null where all is well, else what is not. */
async function judge({ body, means, who = VISITOR }: Case): Promise<string | null> {
  const told = await dispatchAll(expand(body) ?? []);
  const refused = told.find((each) => each.kind === "refused");
  if (refused?.kind === "refused") return refused.rejection.message;
  const notes = told.flatMap((each) => ("delivery" in each ? [each.notes] : []));
  const losses = notes.filter((each) => each.cleaned + each.lines.length + each.unknown.length > 0);
  if (losses.length > 0) return JSON.stringify(losses);
  const event_id = told.flatMap((e) => ("delivery" in e ? [e.delivery.event.event_id] : []))[0];
  const rows = means.map((meant) => ({ event_id, timestamp: NOON, ...who, ...meant }));
  const meant = await dispatchAll(rows);
  const [is, ought] = [canonicalJson(logged(told)), canonicalJson(logged(meant))];
  if (is !== ought) return `${is}\nis not\n${ought}`;
  return remember(told) === remember(meant) ? null : "another memory";
}

const README = readFileSync(
  resolve(import.meta.dirname, "../../../../src/ingest/README.md"),
  "utf8",
);

describe.each(STANDARDS)("%s", (name, cases) => {
  it.each(cases)("$name", async (example) => {
    expect(await judge(example)).toBe(null);
  });

  it("is told so in the README", async () => {
    const judged = await Promise.all(cases.map(judge));
    const understood = judged.filter((each) => each === null).length;
    const cells = [name, `${understood} of ${cases.length}`];
    const row = new RegExp(cells.map((cell) => `\\| ${cell.replaceAll(".", "\\.")} +`).join(""));
    expect(README).toMatch(row);
  });
});
