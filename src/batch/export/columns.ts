// The columns of an exported Parquet file: every column of the log, then what cleaning added.
// Money is in minor units of the shop's currency; times are UTC.
import type { BasicType } from "hyparquet-writer";
import { EVENT_ROW } from "../../../durable/state/event.ts";
import { mapKinds, namesOf } from "../../../durable/state/fields.ts";
import { CLEANING, type CleanRow } from "../clean/event.ts";

type Column = { type: BasicType; nullable: boolean };

const required = (type: BasicType) => (): Column => ({ type, nullable: false });
const orNull = (type: BasicType) => (): Column => ({ type, nullable: true });

const COLUMN_TYPES: Readonly<Record<keyof CleanRow, Column>> = mapKinds(
  { ...EVENT_ROW, ...CLEANING },
  {
    seq: required("INT64"),
    id: required("STRING"),
    text: required("STRING"),
    "text?": orNull("STRING"),
    name: required("STRING"),
    count: required("INT32"),
    "count?": orNull("INT32"),
    rank: required("INT32"),
    /** INT32 in files of earlier versions. */
    "quantity?": orNull("DOUBLE"),
    "money?": orNull("INT64"),
    time: required("TIMESTAMP"),
    flag: required("INT32"),
    "flag?": orNull("INT32"),
    boolean: required("BOOLEAN"),
    "outlier?": orNull("STRING"),
  },
);

/** Columns of the log, in its order; their values are what verification compares. */
export const LOG_COLUMNS = namesOf(EVENT_ROW);

export const COLUMNS = namesOf(COLUMN_TYPES).map((name) => {
  const { type, nullable } = COLUMN_TYPES[name];
  return { name, type, nullable };
});
