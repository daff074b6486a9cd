// Before each test file: storage and memory as of a Worker that was just deployed. All files share one workerd, since
// loading the Worker anew for each of them takes longer than most of them run.
import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";
import { dropIsolate } from "../../../src/isolate/open-isolate.ts";

beforeAll(async () => {
  await reset();
  dropIsolate(env);
});
