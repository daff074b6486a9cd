// A log that was never in a Worker, as the Worker would have taken it: what shoppers' folds read.
import type { LoggedEvent } from "../../learn/to-event.ts";
import { dispatchEvent } from "../../ingest/dispatch.ts";
import type { Dispatch, DispatchSettings } from "../../ingest/dispatch.ts";
import type { WireEvent } from "../simulate/wire.ts";

/** One for each event of the log; null where the Worker would not have taken it. */
export async function* dispatchLog(
  events: AsyncIterable<WireEvent>,
  settings: DispatchSettings,
): AsyncGenerator<LoggedEvent | null> {
  for await (const event of events) yield toLogged(await dispatchEvent(event, settings));
}

function toLogged(dispatch: Dispatch): LoggedEvent | null {
  if (!("delivery" in dispatch)) return null;
  const { event, fold, context } = dispatch.delivery;
  const { country, device, referrer } = context;
  return {
    shopper: dispatch.kind === "link" ? dispatch.user : dispatch.shopper,
    linked_from: dispatch.kind === "link" ? dispatch.anonymous : null,
    personalization: fold,
    event,
    visit: { country, device, referrer },
  };
}
