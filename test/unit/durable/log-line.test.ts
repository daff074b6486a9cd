// The Worker's own lines: one JSON object each, of one shape, and without what shoppers did.
import { afterEach, expect, it, vi } from "vitest";
import { describeError, listFrames, log } from "../../../durable/log-line.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function linesOf(level: "error" | "warn"): unknown[] {
  const lines: unknown[] = [];
  vi.spyOn(console, level).mockImplementation((line: string) => {
    lines.push(JSON.parse(line));
  });
  return lines;
}

it("is one object with level, event, facts and error", () => {
  const errors = linesOf("error");
  const warnings = linesOf("warn");
  log("error", "job_failed", { job: "roll-up", run_id: 7 }, new TypeError("no such thing"));
  log("warn", "queue_refused");
  expect(errors).toEqual([
    {
      level: "error",
      event: "job_failed",
      job: "roll-up",
      run_id: 7,
      error: "TypeError: no such thing",
    },
  ]);
  expect(warnings).toEqual([{ level: "warn", event: "queue_refused" }]);
});

it("tells of a failed query neither the statement nor its values", () => {
  const failed = "Failed query: select * from events where shopper = ?\nparams: anna@example.com";
  const cause = new Error("D1_ERROR: too many SQL variables");
  expect(describeError(new Error(failed, { cause }))).toBe(
    "Error: D1_ERROR: too many SQL variables",
  );
  expect(describeError(new Error(failed))).not.toContain("anna");
});

it("shows where an error was thrown, not what it says", () => {
  const frames = listFrames(new Error("anna@example.com\nbought boots"));
  expect(frames).toContain("log-line.test.ts");
  expect(frames).not.toMatch(/anna|boots/);
});

it("takes whatever is thrown, and cuts what is long", () => {
  expect(describeError("plain text")).toBe("plain text");
  expect(describeError(null)).toBe("null");
  expect(describeError(new Error("x".repeat(10_000))).length).toBeLessThan(1000);
});
