// An id in a path, a query or a body: of an item, a shopper, a session.
import * as z from "zod";
import { ID_LENGTH, isSoundId } from "../../shop/read/text.ts";

const NOT_SOUND =
  "must be text without control characters and halves of characters, and not . or ..";

/** May be empty: then it is as if it were left out. */
export const LooseId = z.string().max(ID_LENGTH).refine(isSoundId, NOT_SOUND);

export const Id = LooseId.min(1);
