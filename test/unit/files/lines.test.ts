import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readLines } from "../../../src/files/lines.ts";
import type { Line } from "../../../src/files/lines.ts";

const MAX = 20;

/** The bytes as a stream, cut at these offsets. */
function stream(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const indexes = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return new ReadableStream({
    start(controller) {
      indexes.slice(1).forEach((end, i) => {
        const chunk = bytes.slice(indexes[i], end);
        if (chunk.length > 0) controller.enqueue(chunk);
      });
      controller.close();
    },
  });
}

async function collect(bytes: Uint8Array, cuts: readonly number[] = []): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of readLines(stream(bytes, cuts), MAX)) lines.push(line);
  return lines;
}

const encode = (text: string) => new TextEncoder().encode(text);

it("finds the same lines wherever the stream is cut", async () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "é", "👟", "\n", "\r\n", " "),
    maxLength: 80,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat()), async (whole, cuts) => {
      const expected = whole.split("\n").flatMap((line, i): Line[] => {
        if (encode(line).length > MAX) return [{ kind: "too_long", number: i + 1 }];
        return line.trim() === "" ? [] : [{ kind: "line", number: i + 1, text: line.trim() }];
      });
      expect(await collect(encode(whole), cuts)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it("goes on after a line that is too long or not UTF-8", async () => {
  const bytes = Uint8Array.of(...encode(`${"x".repeat(1000)}\n`), 0xff, 0xfe, 10, ...encode("ok"));
  expect(await collect(bytes, [3, 500, 1002])).toEqual([
    { kind: "too_long", number: 1 },
    { kind: "not_utf8", number: 2 },
    { kind: "line", number: 3, text: "ok" },
  ]);
});
