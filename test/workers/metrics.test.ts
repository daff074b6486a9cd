// What a monitor polls: in the form of Prometheus, and about what really happened.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { writeMetrics } from "../../src/http/operate/metrics/prometheus.ts";
import { call, makeEvent, openShop, putItems, sendAll, waitForRows } from "./support/shop.ts";

beforeAll(openShop);

/** Samples by name and labels; throws where a line is none. */
async function poll(): Promise<Map<string, number>> {
  const response = await call("GET", "/metrics");
  expect(response.headers.get("content-type")).toContain("version=0.0.4");
  const lines = (await response.text()).trimEnd().split("\n");
  return new Map(
    lines
      .filter((line) => !line.startsWith("#"))
      .map((line) => {
        const match = /^([a-z_]+(?:\{[^}]*\})?) (-?[\d.e+]+)$/.exec(line);
        if (match === null) throw new Error(`no sample: ${line}`);
        return [match[1] ?? "", Number(match[2])];
      }),
  );
}

it("counts what arrived, what was refused and what could not be processed", async () => {
  await putItems([{ item_id: "lamp" }, { item_id: "vase" }]);
  const before = await poll();
  await sendAll([makeEvent("view_item", "ann", ["lamp"]), makeEvent("view_item", "ann", ["vase"])]);
  await call("POST", "/v1/events", JSON.stringify({ events: [makeEvent("dance", "ann", [])] }));
  await env.DB.exec(
    "insert into dead_letters (message_id, reason, body, stored_at) values ('m', 'r', '{}', 1)",
  );
  await waitForRows("events", 2);
  await waitForRows("rejected_events", 1);
  await call("POST", "/v1/jobs/roll-up/run");
  const after = await poll();
  const grew = (name: string) => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
  expect(grew("millrace_log_rows_total")).toBe(2);
  expect(grew("millrace_rejected_rows_total")).toBe(1);
  expect(grew("millrace_dead_letters")).toBe(1);
  expect(after.get("millrace_catalogue_items")).toBe(2);
  expect(after.get('millrace_job_failed{job="roll-up"}')).toBe(0);
  expect(after.get('millrace_job_age_seconds{job="roll-up"}')).toBeGreaterThanOrEqual(0);
  expect(after.get("millrace_database_bytes")).toBeGreaterThan(0);
  expect(after.get("millrace_log_newest_age_seconds")).toBeGreaterThanOrEqual(0);
});

it("is for the shop alone", async () => {
  expect((await call("GET", "/metrics", undefined, "pk_test")).status).toBe(403);
});

it("escapes what a label may hold", () => {
  const samples = [{ labels: { part: 'a "b"\\\nc' }, value: 1 }, { value: null }];
  expect(writeMetrics([{ name: "x", help: "h", kind: "gauge", samples }])).toBe(
    '# HELP x h\n# TYPE x gauge\nx{part="a \\"b\\"\\\\\\nc"} 1\n',
  );
});
