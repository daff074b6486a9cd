// Reading an array piece by piece finds what JSON.parse finds, wherever it is cut.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readElements } from "../../../src/files/json-array.ts";

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

it("finds the elements of any array", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }),
      fc.constantFrom(0, 2),
      fc.integer({ min: 1, max: 20 }),
      async (values, indent, size) => {
        const text = ` ${JSON.stringify(values, null, indent)}\n`;
        const found = await collect(readElements(cut(text, size), 1000));
        const parsed = found.map((each) => each.kind === "element" && JSON.parse(each.text));
        expect(parsed).toEqual(JSON.parse(JSON.stringify(values)));
      },
    ),
    { numRuns: 500 },
  );
});

it("says where an array breaks off", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 26 }), async (length) => {
      const text = '[{"a": 1},\n{"b": [2, "]"]}]'.slice(0, length);
      const found = await collect(readElements(cut(text, 3), 1000));
      expect(found.at(-1)).toMatchObject({ kind: "broken", line: text.includes("\n") ? 2 : 1 });
    }),
  );
});

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of all) found.push(each);
  return found;
}
