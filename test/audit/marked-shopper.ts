// A shopper all of whose words can be found again: every personal field has a text that nobody else has.
import { createHash } from "node:crypto";
import { createPseudonymiser } from "../../src/shop/pseudonym.ts";

/** What every mark begins with, so that one pass over a file finds those of all shoppers. */
export const MARK = "zqmark";

export type MarkedShopper = {
  index: number;
  visitor: string;
  user: string;
  /** A text of this shopper alone, of letters and digits. */
  mark: (field: string) => string;
  /** By which stores name visitor and user. */
  pseudonyms: readonly string[];
};

export async function makeShopper(
  index: number,
  seed: number,
  pseudonymKey: string,
): Promise<MarkedShopper> {
  const pseudonymise = createPseudonymiser(pseudonymKey);
  const own = createHash("sha256").update(`${seed}/${index}`).digest("hex").slice(0, 16);
  const mark = (field: string) => `${MARK}${own}${field}`;
  const visitor = mark("visitor");
  const user = `${mark("user")}@example.com`;
  const pseudonyms = [await pseudonymise("anonymous", visitor), await pseudonymise("user", user)];
  return { index, visitor, user, mark, pseudonyms };
}
