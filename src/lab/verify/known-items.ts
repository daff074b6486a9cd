// What the Worker's catalogue says of items: the Worker fills it into events, so an offline fold must as well.
import { Catalog } from "../../catalog/catalog.ts";
import { findInCatalog, type FindItem } from "../../ingest/fill.ts";
import { fetchCatalogue } from "../../learn/fetch/fetch-catalogue.ts";
import type { Api } from "../../client/api.ts";

/**
 * As the catalogue is now: it must be what it was when the events were sent.
 * @param minorUnits of one unit of the shop's currency
 */
export async function fetchKnownItems(api: Api, minorUnits: number): Promise<FindItem> {
  const catalog = new Catalog();
  catalog.apply(await fetchCatalogue({ api }, minorUnits));
  return findInCatalog(catalog);
}
