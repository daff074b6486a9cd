// What the platform keeps of a request is set in wrangler.toml, and nothing there may bring back what the code leaves out.
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";

it("keeps URLs in logs and traces without their queries", () => {
  const config = resolve(import.meta.dirname, "../../../wrangler.toml");
  const { observability } = unstable_readConfig({ config });
  expect(observability).toMatchObject({ enabled: true, redact_query_string: true });
});
