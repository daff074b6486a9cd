// Properties try the same cases in every run, so that a run can be repeated; `MILLRACE_SEED` sets others to look for more.
import * as fc from "fast-check";

const FIRST = 20_260_105;

fc.configureGlobal({ seed: Number(process.env["MILLRACE_SEED"] ?? FIRST) });
