// Who asks: what the shopper's object tells, as far as the surface is personal and the shopper has agreed to it.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { RecommendRequest } from "./contract.ts";
import type { RecommendDeps } from "./deps.ts";
import { SURFACE_TABLE } from "./surfaces.ts";

export type Visitor = {
  /** Pseudonym under which the shopper is known now; null where nobody is named. */
  shopper: string | null;
  /** null for one never seen, or who may not be known. */
  state: ShopperState | null;
  /** By whom experiments assign. Who refuses to be personal is no subject of experiments either. */
  subject: string | null;
  /** Whether the object did not answer, or not in time. */
  isMissing: boolean;
};

export async function readVisitor(
  { readShopper }: Pick<RecommendDeps, "readShopper">,
  { shopper, surface }: RecommendRequest,
): Promise<Visitor> {
  const unread = { shopper, state: null, subject: shopper, isMissing: false };
  if (shopper === null || !SURFACE_TABLE[surface].personal) return unread;
  const view = await readShopper(shopper);
  if (view === undefined) return { ...unread, isMissing: true };
  return {
    shopper: view.shopper,
    state: view.personalization ? view.state : null,
    subject: view.personalization ? view.shopper : null,
    isMissing: false,
  };
}
