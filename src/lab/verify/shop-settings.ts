// The variables by which the Worker reads events, as wrangler.toml has them: an offline fold must read alike.
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import * as z from "zod";
import { readMoney } from "../../shop/money.ts";
import type { DispatchSettings } from "../../ingest/dispatch.ts";
import { TRUSTED } from "../../shop/identity.ts";
import { createPseudonymiser } from "../../shop/pseudonym.ts";
import { ROOT } from "../../client/keys.ts";

const Vars = z.object({
  CURRENCY: z.string(),
  EXCHANGE_RATES: z.string(),
});

/** As the Workers that the lab starts: their shoppers are simulated. */
const DEMO_CONSENT = { analytics: true, personalization: true };

/** Offline, a pseudonym only has to tell shoppers apart; the Worker's own key stays where it is. */
const OFFLINE_KEY = "offline";

/** `now` in ms: later timestamps would be refused. No catalogue is known; who has one sets `findItem`. */
export function readShopSettings(now: number): DispatchSettings {
  const vars = Vars.parse(unstable_readConfig({ config: join(ROOT, "wrangler.toml") }).vars);
  return {
    now,
    money: readMoney(vars.CURRENCY, vars.EXCHANGE_RATES),
    default_consent: DEMO_CONSENT,
    pseudonymise: createPseudonymiser(OFFLINE_KEY),
    trusted: true,
    proveUser: TRUSTED,
    edge: { country: null, device: null },
    findItem: () => null,
  };
}
