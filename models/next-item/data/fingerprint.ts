// A short number for a data set, so that a checkpoint is not continued on another one by mistake.
import type { NextItemData } from "./dataset.ts";

/** FNV-1a over all item indices and sizes; guards against mistakes, not against malice. */
export function fingerprint(data: NextItemData): string {
  let hash = 0x811c9dc5;
  const mix = (x: number) => {
    hash = Math.imul(hash ^ x, 0x01000193);
  };
  mix(data.items);
  mix(data.types ?? 0);
  for (const { items, types, times } of data.sessions) {
    mix(items.length);
    for (const item of items) mix(item);
    for (const type of types ?? []) mix(type);
    for (const time of times ?? []) mix(time);
  }
  for (const field of data.content ?? []) for (const value of field.of) mix(value);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
