// Erasure against what is still on its way: what comes again stays out, and every device goes with its user.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, expect, it, vi } from "vitest";
import { countRows, makeView, readProfile, request, sendEvents } from "./support/api.ts";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

const NOW = Date.now() - 60_000;
const FULL = { analytics: true, personalization: true };

it("takes nothing again that is of before the erasure, and says so; what is new, it takes", async () => {
  const who = { anonymous_id: "gone" };
  const first = makeView("er-1", NOW, who);
  await sendEvents([first]);
  await request("DELETE", "/v1/shoppers/gone?id_type=anonymous");
  expect(await sendEvents([first, makeView("er-2", NOW + 1, who)])).toMatchObject({
    accepted: 0,
    erased: 2,
    rejected: [],
  });
  expect(await readProfile("gone", "anonymous")).toBeNull();
  const later = makeView("er-3", Date.now() + 5, who);
  await vi.waitFor(async () => expect(await sendEvents([later])).toMatchObject({ accepted: 1 }));
  expect((await readProfile("gone", "anonymous"))?.profile.counts["view_item"]).toBe(1);
});

it("forgets a device of which nothing was folded before it was a user's", async () => {
  const who = { anonymous_id: "quiet" };
  const logged = { consent: { analytics: true, personalization: false } };
  await sendEvents([makeView("q-1", NOW, who, { ...logged, search_term: "secret" })]);
  await vi.waitFor(async () => expect(await countRows("events", "event_id = 'q-1'")).toBe(1), {
    timeout: 20_000,
  });
  const identify = { event_id: "q-2", name: "identify", timestamp: NOW + 1, consent: FULL };
  await sendEvents([{ ...identify, ...who, user_id: "quinn" }]);
  await request("DELETE", "/v1/shoppers/quinn?id_type=user");
  expect(await countRows("events", "event_id in ('q-1', 'q-2')")).toBe(0);
});
