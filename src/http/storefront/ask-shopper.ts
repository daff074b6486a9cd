// Whom a request for a list is about: ids and consent, the same in a query and in a body.
import * as z from "zod";
import type { Consent } from "../../../durable/contract.ts";
import { isPlaceholder } from "../../ingest/read/shopper.ts";
import { ID_LENGTH, readId } from "../../shop/read/text.ts";
import type { StreamSettings } from "../../shop/settings.ts";

const ShopperId = z.union([z.string().max(ID_LENGTH), z.int()]).optional();

export const AskShopper = z.object({
  anonymous_id: ShopperId,
  user_id: ShopperId.describe("When both ids are given, the user's history is used."),
  consent: z
    .enum(["granted", "denied"])
    .optional()
    .describe("Denied: nothing personal, nothing logged. Absent: as the shopper last said."),
});

const CONSENTS = {
  granted: { analytics: true, personalization: true },
  denied: { analytics: false, personalization: false },
};

/** The pseudonym of the shopper whom the request names, null for none or one who refuses; and what consent it tells. */
export async function readShopper(
  { anonymous_id, user_id, consent: word }: z.infer<typeof AskShopper>,
  { pseudonymise }: StreamSettings,
): Promise<{ shopper: string | null; consent: Consent | null }> {
  const consent = word === undefined ? null : CONSENTS[word];
  if (consent?.personalization === false) return { shopper: null, consent };
  const user = readPerson(user_id);
  if (user !== null) return { shopper: await pseudonymise("user", user), consent };
  const visitor = readPerson(anonymous_id);
  if (visitor === null) return { shopper: null, consent };
  return { shopper: await pseudonymise("anonymous", visitor), consent };
}

/** As in events: digits are an id, and what programs print for nobody is nobody. */
function readPerson(value: unknown): string | null {
  const id = readId(value);
  return typeof id === "string" && !isPlaceholder(id) ? id : null;
}
