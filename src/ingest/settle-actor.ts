// Whose an event is, when what its sender says of a user counts with proof only. Nothing is read and nobody is asked here.
import { accept } from "../../durable/state/result.ts";
import type { Proof, ProveUser } from "../shop/identity.ts";
import type { Actor } from "./read/shopper.ts";
import { reject, type Checked } from "./rejection.ts";

/** A user whom nobody proved is none. */
export type SettledActor = Exclude<Actor, { kind: "user" }> | { kind: "user"; user_id: string };

/** `none`: the event named a user without proof. */
type Settled = { actor: SettledActor; proof: Proof };

const HOW =
  "a user_id counts with its user_hash, with a shopper token, or from a back end with a secret key";

export async function settleActor(
  actor: Actor,
  user_hash: unknown,
  prove: ProveUser,
): Promise<Checked<Settled>> {
  if (actor.kind === "shop" || actor.kind === "anonymous") {
    return accept({ actor, proof: "proven" });
  }
  const proof = await prove(actor.user_id, user_hash);
  if (proof !== "none") return accept({ actor, proof });
  const { anonymous_id } = actor;
  // Else anybody who knows a user id could read and erase what is that user's, by a token for an own visitor.
  if (actor.kind === "identify") {
    return reject("unverified_identity", `identify joined nobody: ${HOW}.`);
  }
  if (anonymous_id === null) {
    return reject("missing_shopper", `An event needs an anonymous_id: ${HOW}.`);
  }
  return accept({ actor: { kind: "anonymous", anonymous_id }, proof });
}
