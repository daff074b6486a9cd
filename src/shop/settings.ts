// What the Worker's variables say about events, read once per isolate.
import type { Consent } from "../../durable/contract.ts";
import { createHashCheck, listSecrets } from "./identity.ts";
import { readMoney, type Money } from "./money.ts";
import { createPseudonymiser, type Pseudonymise } from "./pseudonym.ts";

export type StreamVariables = Pick<
  Env,
  "CURRENCY" | "EXCHANGE_RATES" | "DEFAULT_CONSENT" | "PSEUDONYM_KEY" | "TREND_SHOPPERS"
> & { REQUIRE_IDENTITY_PROOF?: string; IDENTITY_SECRET?: string };

/** How users of this shop are told from those who say that they are. */
export type IdentitySettings = {
  /** False where the shop vouches for all that holds its publishable key. */
  requiresProof: boolean;
  /** Without a secret no hash is right, and only tokens prove. */
  hasSecret: boolean;
  isHashOf: (user_id: string, user_hash: unknown) => Promise<boolean>;
};

export type StreamSettings = {
  money: Money;
  default_consent: Consent;
  pseudonymise: Pseudonymise;
  identity: IdentitySettings;
  /** Different shoppers that an item needs to trend. */
  trend_shoppers: number;
};

const SETTINGS = new WeakMap<StreamVariables, StreamSettings>();

/** Throws where a variable makes no sense: better no answer than prices in the wrong currency. */
export function readSettings(variables: StreamVariables): StreamSettings {
  const known = SETTINGS.get(variables);
  if (known !== undefined) return known;
  const granted = variables.DEFAULT_CONSENT === "granted";
  const settings = {
    money: readMoney(variables.CURRENCY, variables.EXCHANGE_RATES),
    default_consent: { analytics: granted, personalization: granted },
    pseudonymise: createPseudonymiser(variables.PSEUDONYM_KEY),
    identity: {
      // Whatever is not plainly off is on.
      requiresProof: variables.REQUIRE_IDENTITY_PROOF !== "false",
      hasSecret: listSecrets(variables.IDENTITY_SECRET).length > 0,
      isHashOf: createHashCheck(variables.IDENTITY_SECRET ?? ""),
    },
    trend_shoppers: readCount(variables.TREND_SHOPPERS, "TREND_SHOPPERS"),
  };
  SETTINGS.set(variables, settings);
  return settings;
}

function readCount(text: string, name: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${name} must be a whole number above 0.`);
  return count;
}
