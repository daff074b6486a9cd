// The lists of a page share what the model said of the shopper, and nothing outlives an event.
import { expect, it } from "vitest";
import { toVocabItem } from "../../../models/next-item/data/vocab-item.ts";
import type { Step } from "../../../models/next-item/serve/open-next-item.ts";
import { RecentAnswers } from "../../../src/recommend/retrieve/recent-answers.ts";

/** So wide that two answers are held. */
const WIDTH = 200_000;
const view = (item: number, at = 0): Step => ({ item: toVocabItem(item), type: "view_item", at });

/** Answers are the numbers of their questions. */
function openAnswers() {
  const answers = new RecentAnswers<number>(WIDTH);
  let asked = 0;
  return (...session: Step[]) => answers.get(session, () => Promise.resolve(++asked));
}

it("asks once for all lists of a page", async () => {
  const answerTo = openAnswers();
  expect(await answerTo(view(1), view(2, 60_000))).toBe(1);
  expect(await answerTo(view(1), view(2, 60_000))).toBe(1);
});

it.each([
  ["another event", [view(1), view(2, 60_000), view(3, 61_000)]],
  ["another item", [view(1), view(3, 60_000)]],
  ["another type", [view(1), { ...view(2, 60_000), type: "add_to_cart" as const }]],
  ["another time", [view(1), view(2, 61_000)]],
])("asks anew after %s", async (_, session) => {
  const answerTo = openAnswers();
  await answerTo(view(1), view(2, 60_000));
  expect(await answerTo(...session)).toBe(2);
});

it("forgets what was longest unasked, and holds no more than there is room for", async () => {
  const answerTo = openAnswers();
  await answerTo(view(1));
  await answerTo(view(2));
  expect(await answerTo(view(1))).toBe(1);
  expect(await answerTo(view(3))).toBe(3);
  expect(await answerTo(view(1))).toBe(1);
  expect(await answerTo(view(2))).toBe(4);
  const roomless = new RecentAnswers<number>(2 ** 30);
  expect(await roomless.get([view(1)], () => Promise.resolve(1))).toBe(1);
  expect(await roomless.get([view(1)], () => Promise.resolve(2))).toBe(2);
});

it("asks again after a failure", async () => {
  const answers = new RecentAnswers<number>(WIDTH);
  await expect(answers.get([view(1)], () => Promise.reject(new Error("away")))).rejects.toThrow();
  expect(await answers.get([view(1)], () => Promise.resolve(1))).toBe(1);
});
