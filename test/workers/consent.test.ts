// Consent: the last word of a shopper holds at once, for memory, lists and log, whoever told it in whichever form.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { countRows, makeView, readProfile, request, sendEvents } from "./support/api.ts";
import { fetchChecked } from "./support/document.ts";
import { makeEvent } from "../support/records.ts";
import { shopperNamed, exportOf, deliver, START } from "./shopper-deliveries.ts";

const NOW = Date.now() - 60_000;
beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

const NO = { analytics: false, personalization: false };

async function personalOf(anonymous_id: string): Promise<boolean> {
  const response = await request("GET", `/v1/recommendations?anonymous_id=${anonymous_id}`);
  const answer = await response.json<{ personalized?: boolean; degraded?: string[] }>();
  return answer.personalized === true;
}

const viewsOf = async (id: string) => (await readProfile(id))?.profile.counts["view_item"];

it("lets go of a shopper who takes everything back, and keeps nothing more", async () => {
  const who = { anonymous_id: "c3" };
  await sendEvents([makeView("c3-1", NOW, who), makeView("c3-2", NOW + 1, who)]);
  expect(await viewsOf("c3")).toBe(2);
  const told = await sendEvents([makeView("c3-3", NOW + 2, who, { consent: NO })]);
  expect(told).toMatchObject({ accepted: 1, without_consent: 1 });
  const profile = await readProfile("c3");
  expect(profile?.consent).toMatchObject(NO);
  expect(profile?.profile.counts["view_item"]).toBe(0);
  expect(await personalOf("c3")).toBe(false);
  // An event that says nothing is taken as the shopper last said, one of before the refusal not at all.
  const after = await sendEvents([makeView("c3-4", NOW + 3, who), makeView("c3-0", NOW - 1, who)]);
  expect(after).toMatchObject({ accepted: 2, without_consent: 2 });
  expect(await viewsOf("c3")).toBe(0);
  expect(await countRows("events", "event_id in ('c3-3', 'c3-4', 'c3-0')")).toBe(0);
  await sendEvents([makeView("c3-5", NOW + 4, who, { consent: "granted" })]);
  expect(await viewsOf("c3")).toBe(1);
});

it("hears of consent that comes alone: ours, Segment's, gtag's", async () => {
  const messages: [string, unknown][] = [
    ["w1", { event_id: "w1", name: "consent", timestamp: NOW + 9, consent: NO }],
    [
      "w2",
      {
        messageId: "w2",
        type: "track",
        event: "Segment Consent Preference Updated",
        timestamp: new Date(NOW + 9).toISOString(),
        context: { consent: { categoryPreferences: { Analytics: false, Advertising: false } } },
      },
    ],
    ["w3", { name: "consent_update", consent: { analytics: false, personalization: false } }],
  ];
  for (const [id, message] of messages) {
    await sendEvents([makeView(`${id}-view`, NOW, { anonymous_id: id })]);
    expect(await viewsOf(id), id).toBe(1);
    const key = id === "w2" ? "anonymousId" : "anonymous_id";
    expect(await sendEvents([Object.assign({}, message, { [key]: id })]), id).toMatchObject({
      accepted: 1,
      rejected: [],
    });
    expect(await viewsOf(id), id).toBe(0);
    expect((await readProfile(id))?.consent, id).toMatchObject(NO);
  }
});

it("takes no page's assumption for the visitor's answer", async () => {
  const who = { anonymous_id: "assumed" };
  await sendEvents([makeView("as-1", NOW, who)]);
  const calls = [
    ["consent", "default", { analytics_storage: "denied", ad_personalization: "denied" }],
    ["event", "view_item", { items: [{ item_id: "i" }], timestamp: NOW + 1 }],
  ];
  await request("POST", "/v1/events", { body: { ...who, events: calls } });
  expect(await viewsOf("assumed")).toBe(1);
});

it("counts Global Privacy Control as no to marketing, and to that alone", async () => {
  const event = makeView(
    "gpc",
    NOW,
    { anonymous_id: "gpc" },
    { consent: { ...NO, analytics: true, personalization: true, marketing: true } },
  );
  await fetchChecked(
    new Request("https://shop.example/v1/events", {
      method: "POST",
      headers: {
        authorization: "Bearer pk_test",
        "content-type": "application/json",
        "sec-gpc": "1",
      },
      body: JSON.stringify({ events: [event] }),
    }),
  );
  expect((await readProfile("gpc"))?.consent).toEqual({
    analytics: true,
    personalization: true,
    marketing: false,
  });
});

it("keeps what was said of marketing while others say nothing of it", async () => {
  const who = { anonymous_id: "news" };
  const yes = { analytics: true, personalization: true };
  await sendEvents([makeView("n1", NOW, who, { consent: { ...yes, marketing: true } })]);
  await sendEvents([makeView("n2", NOW + 1, who, { consent: yes }), makeView("n3", NOW + 2, who)]);
  expect((await readProfile("news"))?.consent).toEqual({ ...yes, marketing: true });
});

it("has the same word whatever order the messages come in", async () => {
  const view = (id: string, at: number, consent: object) =>
    deliver(id, makeEvent({ event_id: id, timestamp: START + at }), {
      consent: { ...NO, ...consent },
      fold: "personalization" in consent,
      log: "analytics" in consent,
    });
  const all = [
    view("1", 1, { analytics: true, personalization: true, marketing: true }),
    view("2", 2, {}),
    view("3", 3, { analytics: true, personalization: true }),
    view("4", 4, { analytics: true, marketing: false }),
    view("5", 5, { analytics: true, personalization: true }),
  ];
  const states = new Set<string>();
  for (const [index, order] of [
    all,
    all.toReversed(),
    [3, 0, 4, 2, 1].flatMap((i) => all[i] ?? []),
  ].entries()) {
    const name = `order-${index}`;
    for (const each of order) await shopperNamed(name).ingest([each]);
    const { consent, state } = await exportOf(name);
    states.add(JSON.stringify([consent, state]));
  }
  expect([...states]).toHaveLength(1);
});

it("ships asking first", () => {
  expect(env.CONSENT_WITHDRAWN).toBe("drop");
});
