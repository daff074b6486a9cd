// What messages said before what was shown became a row a list: a row for each item. Such messages may still lie in the
// queue or among the dead letters.
import * as z from "zod";

export const Impression = z.object({
  recommendation_id: z.string().min(1),
  position: z.int(),
  item_id: z.string(),
  shopper: z.string(),
  surface: z.string(),
  model_version: z.string().nullable(),
  source: z.string(),
  score: z.number(),
  timestamp: z.number(),
  experiment: z.string().nullable().default(null),
  variant: z.string().nullable().default(null),
});

type Impression = z.infer<typeof Impression>;

/** Each stretch of positions that were shown together as a list, as migration 0010 does it: so none is written twice. */
export function joinImpressions(rows: readonly Impression[]) {
  const stretches: [Impression, ...Impression[]][] = [];
  for (const row of rows) {
    const stretch = stretches.at(-1);
    const before = stretch?.at(-1);
    const goesOn =
      before?.recommendation_id === row.recommendation_id &&
      before.timestamp === row.timestamp &&
      before.position + 1 === row.position;
    if (stretch !== undefined && goesOn) stretch.push(row);
    else stretches.push([row]);
  }
  return stretches.map((stretch) => {
    const [{ recommendation_id, position: first, shopper, surface, timestamp }] = stretch;
    return {
      recommendation_id,
      first,
      shopper,
      surface,
      timestamp,
      experiment: stretch.find(({ experiment }) => experiment !== null)?.experiment ?? null,
      items: stretch.map(({ item_id }) => item_id),
      origins: stretch.map(({ source, score }, index): [string, number, number] => [
        source,
        score,
        index,
      ]),
      arms: stretch.map(({ variant, model_version }): [string | null, string | null] => [
        variant,
        model_version,
      ]),
    };
  });
}
