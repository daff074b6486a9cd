// The one place where stubs of objects come from.
import type { ShopperRpc, WatchRpc } from "./contract.ts";

export type ShopperNamespace = DurableObjectNamespace<ShopperRpc & Rpc.DurableObjectBranded>;

/** The object of one shopper, who is known by a pseudonym. Ask for it anew after an error: a stub may break. */
export function openShopper(
  namespace: ShopperNamespace,
  pseudonym: string,
): DurableObjectStub<ShopperRpc & Rpc.DurableObjectBranded> {
  return namespace.getByName(pseudonym);
}

export type WatchNamespace = DurableObjectNamespace<WatchRpc & Rpc.DurableObjectBranded>;

/** The one object that the whole shop's console listens to. */
export function openWatch(
  namespace: WatchNamespace,
): DurableObjectStub<WatchRpc & Rpc.DurableObjectBranded> {
  return namespace.getByName("console");
}
