// The one place where stubs of Shopper objects come from.
import type { ShopperRpc } from "./contract.ts";

export type ShopperNamespace = DurableObjectNamespace<ShopperRpc & Rpc.DurableObjectBranded>;

/** The object of one shopper, who is known by a pseudonym. Ask for it anew after an error: a stub may break. */
export function openShopper(
  namespace: ShopperNamespace,
  pseudonym: string,
): DurableObjectStub<ShopperRpc & Rpc.DurableObjectBranded> {
  return namespace.getByName(pseudonym);
}
