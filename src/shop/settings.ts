// What the Worker's variables say about events, read once per isolate.
import type { Consent } from "../../durable/contract.ts";
import { readMoney, type Money } from "./money.ts";
import { createPseudonymiser, type Pseudonymise } from "./pseudonym.ts";

export type StreamVariables = Pick<
  Env,
  "CURRENCY" | "EXCHANGE_RATES" | "DEFAULT_CONSENT" | "PSEUDONYM_KEY"
>;

export type StreamSettings = { money: Money; default_consent: Consent; pseudonymise: Pseudonymise };

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
  };
  SETTINGS.set(variables, settings);
  return settings;
}
