// Nightly: the log from D1 to R2 as Parquet, by the day on which things happened. It follows `seq`, so an event
// that arrives late is simply a row of a later slice and gets a file of its own in its day's folder.
import * as z from "zod";
import { readLastSeq } from "../../log/log-tail.ts";
import { setRowsAside } from "../../log/set-aside.ts";
import { defineJob, type JobDeps, type Slice } from "../run/job.ts";
import { EXPORTS_LEASE, noteParts, partKey } from "./parts.ts";
import { keepSessions, planSlice, SLICE_ROWS } from "./slice.ts";
import { writeSlice } from "./write-slice.ts";

const State = z.object({
  /** Everything up to this `seq` is exported. */
  cursor: z.number(),
  /** Where this run ends: what arrives meanwhile is the next one's. */
  until: z.number(),
  /** The slice that is being written, with every key it may write: kept before the first byte goes to R2. */
  slice: z
    .object({
      from: z.number(),
      to: z.number(),
      keys: z.array(z.string()),
    })
    .nullable(),
});

type State = z.infer<typeof State>;

export const exportEvents = defineJob<State>({
  name: "export-events",
  lease: EXPORTS_LEASE,
  summary: "Writes new events to R2 as Parquet, one folder a day, cleaned and counted.",
  state: State,
  begin: async (last, { DB }) => ({
    cursor: last?.cursor ?? 0,
    until: await readLastSeq(DB),
    slice: last?.slice ?? null,
  }),
  step: async (state, deps) =>
    state.slice === null ? await plan(state, deps) : await write(state, state.slice, deps),
});

async function plan(state: State, { DB, clock }: JobDeps): Promise<Slice<State>> {
  const coming = { after: state.cursor, until: state.until, rows: 2 * SLICE_ROWS };
  const taken = await setRowsAside(DB, coming, clock());
  const counts: Slice<State>["counts"] = taken === 0 ? {} : { taken_out: taken };
  const next = await planSlice(DB, state.cursor, state.until);
  if (next === null) {
    const cursor = Math.max(state.cursor, state.until);
    return { done: true, state: { ...state, cursor }, counts };
  }
  const { from, to, days } = next;
  const keys = days.flatMap((dt) => [partKey("events", dt, next), partKey("set_aside", dt, next)]);
  return { done: false, state: { ...state, slice: { from, to, keys } }, counts };
}

async function write(
  state: State,
  { keys, ...range }: NonNullable<State["slice"]>,
  deps: JobDeps,
): Promise<Slice<State>> {
  const { parts, sessions, counts } = await writeSlice(deps, range, keys, true);
  return {
    done: false,
    state: { ...state, cursor: range.to, slice: null },
    counts,
    writes: [...noteParts(parts), ...keepSessions(sessions)],
  };
}
