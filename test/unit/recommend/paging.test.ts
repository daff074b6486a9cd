// A cursor says what was shown and nothing else, and no text makes reading it fail.
import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_SHOWN, readCursor, writeCursor } from "../../../src/recommend/paging.ts";

const marks = fc.array(fc.nat({ max: 0xffffffff }), { maxLength: MAX_SHOWN });

it("reads what it wrote, within the length of a URL", () => {
  fc.assert(
    fc.property(marks, (shown) => {
      const cursor = { recommendation_id: randomUUID(), shown };
      const text = writeCursor(cursor);
      expect(text).toMatch(/^[\w-]{1,3000}$/);
      expect(readCursor(text)).toEqual(cursor);
    }),
  );
});

it("takes no text for a cursor that is none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readCursor(text)).toBe(null);
    }),
  );
  const text = writeCursor({ recommendation_id: randomUUID(), shown: [1, 2, 3] });
  expect(readCursor(text.slice(0, -1))).toBe(null);
  expect(readCursor(`B${text}`)).toBe(null);
  const tooLong = Array.from({ length: MAX_SHOWN + 1 }, (_, i) => i);
  expect(readCursor(writeCursor({ recommendation_id: randomUUID(), shown: tooLong }))).toBe(null);
});
