// One shopper who is erased in the middle of the loop: who it is, and what of it is left in what models learn from.
import * as z from "zod";
import { expectStatus, type Api } from "../../client/api.ts";
import { actorOf } from "../replay/batches.ts";
import { listParts, readRows } from "../../learn/read-rows.ts";
import type { LoggedDay } from "./days.ts";

const Erased = z.object({ erased: z.array(z.string()) });

export type Forgotten = { id: string; pseudonyms: string[] };

/** What is left: rows in the files of the export, and whether the Worker still tells anything. */
export type Remains = { rows: number; told: boolean };

/** Of those who never come back, so that no question is lost, the one with the most events. */
export function chooseShopper(past: readonly LoggedDay[], future: readonly LoggedDay[]): string {
  const back = new Set(future.flatMap(({ events }) => events.map((event) => actorOf(event).id)));
  const counts = new Map<string, number>();
  for (const { events } of past) {
    for (const event of events) {
      const { id, id_type } = actorOf(event);
      if (id_type === "anonymous_id" && !back.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most === undefined) throw new Error("Every shopper of the log comes back.");
  return most[0];
}

export async function forget(api: Api, id: string): Promise<Forgotten> {
  const path = `/v1/shoppers/${encodeURIComponent(id)}?id_type=anonymous`;
  const body = expectStatus(await api.send("DELETE", path), 200, "DELETE /v1/shoppers");
  return { id, pseudonyms: Erased.parse(body).erased };
}

/** @param folder the trainer's copy of the export, as it was synchronised for the last round */
export async function findRemains(
  api: Api,
  folder: string,
  { id, pseudonyms }: Forgotten,
): Promise<Remains> {
  const { rows } = await readRows(listParts(folder));
  const own = rows.filter(
    ({ shopper, linked_from }) =>
      pseudonyms.includes(shopper) || pseudonyms.includes(linked_from ?? ""),
  );
  const path = `/v1/shoppers/${encodeURIComponent(id)}/export?id_type=anonymous`;
  const { status } = await api.send("GET", path);
  return { rows: own.length, told: status !== 404 };
}
