// What a job is: work in bounded slices over a checkpoint, so that any invocation may end and another go on.
import type { SQL } from "drizzle-orm";
import type * as z from "zod";
import type { Currency } from "../../shop/money.ts";

export type Counts = Readonly<Record<string, number>>;

/** What a slice may touch. */
export type JobDeps = {
  DB: D1Database;
  BUCKET: R2Bucket;
  /** Of every price in the log. */
  money: Currency;
  /** Where the catalogue is pulled from; null where it is not. */
  feed: { url: string; convert: (price: number, currency?: string) => number | null } | null;
  /** ms since the epoch, now. Asked again where time may have passed. */
  clock: () => number;
};

/** What one slice did. `writes` and `state` are kept together or not at all. */
export type Slice<State> = {
  done: boolean;
  state: State;
  /** Added to the run's counts. */
  counts: Counts;
  /** Statements that must hold exactly when the checkpoint does. */
  writes?: readonly SQL[];
};

/**
 * `step` is called until it says `done`. A slice is bounded in rows, so that it takes a few seconds at most; what it
 * does beside `writes` it must be able to do twice, since an invocation may end before the checkpoint is kept.
 */
export type JobDefinition<State> = {
  name: string;
  /** One sentence for an engineer. */
  summary: string;
  /** Jobs of one lease never work at the same time; each has its own unless it names one. */
  lease?: string;
  state: z.ZodType<State>;
  /** The first checkpoint of a run; `last` is where the run before it ended, null for the first of all. */
  begin: (last: State | null, deps: JobDeps) => Promise<State>;
  step: (state: State, deps: JobDeps) => Promise<Slice<State>>;
};

/** A job as the runner sees it: its checkpoint is text. */
export type Job = {
  name: string;
  summary: string;
  lease: string;
  begin: (last: string | null, deps: JobDeps) => Promise<string>;
  step: (checkpoint: string, deps: JobDeps) => Promise<Slice<string>>;
};

/** A failure that knows what its reader should do. */
export class JobError extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.name = "JobError";
    this.advice = advice;
  }
}

export function defineJob<State>(definition: JobDefinition<State>): Job {
  const { name, summary, lease = name } = definition;
  const read = (text: string): State => {
    const parsed = definition.state.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    throw new JobError(
      `The checkpoint of ${name} is not one that this version understands: ${parsed.error.issues[0]?.message}.`,
      "Deploy the version that wrote it and let the run end, or delete the run's row in `jobs` to start anew.",
    );
  };
  return {
    name,
    summary,
    lease,
    begin: async (last, deps) =>
      JSON.stringify(await definition.begin(last === null ? null : read(last), deps)),
    step: async (checkpoint, deps) => {
      const slice = await definition.step(read(checkpoint), deps);
      return { ...slice, state: JSON.stringify(slice.state) };
    },
  };
}
