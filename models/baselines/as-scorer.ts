// Lets a retriever be judged like a model: its candidates' scores in a dense row over all items.
import type { Scorer } from "../evaluate/scorer.ts";
import type { Retriever } from "./retriever.ts";

/** Candidates asked for; what ranks below counts as not found, for it is in no list that a page shows. */
const DEPTH = 500;

/** Items that the retriever does not propose score -Infinity: all tied at the end. Rows are reused. */
export function asScorer(retriever: Retriever, items: number, depth = DEPTH): Scorer {
  const rows: Float32Array[] = [];
  return {
    name: retriever.name,
    score(contexts) {
      while (rows.length < contexts.length) rows.push(new Float32Array(items));
      const used = rows.slice(0, contexts.length);
      for (const [index, row] of used.entries()) {
        row.fill(-Infinity);
        for (const { item, score } of retriever.retrieve(contexts[index] ?? [], depth)) {
          row[item] = score;
        }
      }
      return Promise.resolve(used);
    },
  };
}
