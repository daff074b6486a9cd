// What real shops send is understood, whole: ids, numbers, times, texts and consent as they come.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startNotes } from "../../../src/ingest/read/notes.ts";
import { readNumber } from "../../../src/shop/read/number.ts";
import { readConsent } from "../../../src/ingest/read/consent.ts";
import { isPlaceholder } from "../../../src/ingest/read/shopper.ts";
import { UNREADABLE } from "../../../src/shop/read/text.ts";
import { readTime } from "../../../src/shop/read/time.ts";
import { codeOf, NOW, read } from "./read-one.ts";

describe("ids", () => {
  it("of numbers are their decimal digits", () => {
    const { event, actor } = read({
      event_id: 7,
      user_id: 77,
      session_id: 1_700_000_000,
      transaction_id: 1234,
      items: [{ item_id: 39_910 }],
    });
    expect(event).toMatchObject({
      event_id: "7",
      session_id: "1700000000",
      transaction_id: "1234",
      items: [{ item_id: "39910" }],
    });
    expect(actor).toMatchObject({ kind: "user", user_id: "77" });
  });

  it("that are empty are absent, and blanks around them are not theirs", () => {
    expect(read({ user_id: "", anonymous_id: " x\n" }).actor).toEqual({
      kind: "anonymous",
      anonymous_id: "x",
    });
  });

  it.each([
    "undefined",
    "[]",
    "{}",
    "NULL",
    "NaN",
    "[object Object]",
    "0",
    "anonymous",
    "00000000-0000-0000-0000-000000000000",
    "{{user_id}}",
    "${user.id}",
    "(not set)",
  ])("%s is nobody's: refused where people are joined, absent elsewhere", (user_id) => {
    expect(codeOf({ name: "identify", user_id })).toBe("placeholder_id");
    expect(codeOf({ name: "identify", user_id: "u", anonymous_id: user_id })).toBe(
      "placeholder_id",
    );
    expect(read({ user_id }).actor).toEqual({ kind: "anonymous", anonymous_id: "a" });
    expect(codeOf({ user_id, anonymous_id: undefined })).toBe("missing_shopper");
  });

  it("of people are no placeholders", () => {
    for (const id of ["1", "42", "anna", "null@shop.example", "00000000-0000-4000-8000-1", "a-b"]) {
      expect(isPlaceholder(id), id).toBe(false);
    }
  });
});

describe("numbers", () => {
  it.each([
    ["12.00", 12],
    ["1,234.50", 1234.5],
    ["1.234,50", 1234.5],
    ["1'234.50", 1234.5],
    ["1 234,50", 1234.5],
    ["1\u00a0234\u00a0567,5", 1_234_567.5],
    ["1,234,567", 1_234_567],
    ["12,5", 12.5],
    ["0.125", 0.125],
    ["1234.567", 1234.567],
    [" 7 ", 7],
    ["€ 12.00", 12],
    ["12,00 EUR", 12],
    ["1e3", 1000],
    ["-3", -3],
    [12, 12],
  ])("%s is %d", (text, number) => {
    expect(readNumber(text)).toBe(number);
  });

  it.each(["1,234", "1.234", "12.345.67", "1,2,3", "abc", "12 34", "EUR", "--1", true, {}, []])(
    "%s may mean anything",
    (text) => {
      expect(readNumber(text)).toBe(UNREADABLE);
    },
  );

  it("that are not there are absent", () => {
    for (const nothing of [undefined, null, "", "  "]) expect(readNumber(nothing)).toBe(null);
  });

  it("come back from every way of writing thousands and decimals that tells them apart", () => {
    const part = fc.tuple(
      fc.integer({ min: 1, max: 999 }),
      fc.nat({ max: 999 }),
      fc.nat({ max: 99 }),
    );
    fc.assert(
      fc.property(part, ([thousands, units, cents]) => {
        const [low, decimals] = [String(units).padStart(3, "0"), String(cents).padStart(2, "0")];
        const number = Number(`${thousands}${low}.${decimals}`);
        for (const [group, point] of [",.", ".,", "'.", " ,", "\u202f,"]) {
          expect(readNumber(`${thousands}${group}${low}${point}${decimals}`)).toBe(number);
        }
      }),
    );
  });
});

describe("times", () => {
  const NOON = Date.UTC(2026, 0, 15, 12);
  it.each([
    [NOON],
    [NOON / 1000],
    [NOON * 1000],
    [String(NOON)],
    [String(NOON / 1000)],
    [NOON / 1000 + 0.0004],
    ["2026-01-15T12:00:00Z"],
    ["2026-01-15T12:00Z"],
    ["2026-01-15T13:00:00.000+01:00"],
    ["2026-01-15T13:00:00+0100"],
    ["2026-01-15 12:00:00 UTC"],
    ["2026-01-15 13:00:00+01"],
    ["2026-01-15T12:00:00.000000001Z"],
    ["Thu, 15 Jan 2026 12:00:00 +0000"],
    ["Thu, 15 Jan 2026 12:00:00 GMT"],
    ["Thu Jan 15 2026 13:00:00 GMT+0100 (CET)"],
  ])("%s is noon", (text) => {
    expect(readTime(text)).toBe(NOON);
  });

  it.each([
    "2026-01-15T12:00:00",
    "2026-01-15",
    "01/02/2026 12:00 UTC",
    "2026-02-30T00:00:00Z",
    "2026-01-15T25:00:00Z",
    "Thu, 15 Jan 2026 12:00:00",
    "yesterday",
    {},
    true,
  ])("%s may be any time", (text) => {
    expect(readTime(text)).toBe(UNREADABLE);
  });

  it("are set right by a sender's clock that is wrong, both ways", () => {
    const HOUR = 3_600_000;
    for (const skew of [2 * HOUR, -2 * HOUR, 400 * 24 * HOUR]) {
      const { event } = read({ timestamp: NOW + skew - 5000, sent_at: NOW + skew });
      expect(event.timestamp).toBe(NOW - 5000);
    }
  });

  it("stay where a message was sent long ago", () => {
    const sent_at = NOW - 30 * 86_400_000;
    expect(read({ timestamp: sent_at - 5000, sent_at }).event.timestamp).toBe(sent_at - 5000);
  });
});

describe("consent", () => {
  const both = { analytics: true, personalization: true };
  const none = { analytics: false, personalization: false };
  it.each([
    [
      { ad_user_data: "GRANTED", ad_personalization: "GRANTED" },
      { ...both, marketing: true },
    ],
    [
      { ad_user_data: "DENIED", ad_personalization: "DENIED" },
      { ...none, marketing: false },
    ],
    [{ gcs: "G111" }, { ...both, marketing: true }],
    [{ gcs: "G101" }, { analytics: true, personalization: false, marketing: false }],
    [{ gcs: "G1--" }, none],
    [
      { analytics: true, marketing: true },
      { analytics: true, personalization: false, marketing: true },
    ],
    [
      { analytics_storage: "granted", ad_storage: "denied", ad_personalization: "denied" },
      { analytics: true, personalization: false, marketing: false },
    ],
    [
      { analytics_storage: "denied", personalization_storage: "granted" },
      { analytics: false, personalization: true },
    ],
    [
      { analytics: "yes", personalization: 0 },
      { analytics: true, personalization: false },
    ],
    ["granted", both],
    [false, none],
    [
      { categoryPreferences: { Advertising: false, Analytics: false, Functional: false } },
      { ...none, marketing: false },
    ],
    [
      { categoryPreferences: { Advertising: true, Analytics: false } },
      { analytics: false, personalization: true, marketing: true },
    ],
    [
      { categoryPreferences: { C0001: true, C0002: true, C0003: false, C0004: true } },
      { analytics: true, personalization: false, marketing: true },
    ],
    [{ categoryPreferences: { one: true, two: false } }, none],
    [{ categoryPreferences: { one: true, two: true } }, both],
    [{}, none],
    [null, null],
  ])("%j", (told, meant) => {
    expect(readConsent(told, startNotes())).toEqual({ ok: true, value: meant });
  });

  it("is no guess", () => {
    for (const told of ["perhaps", { analytics: "perhaps" }, { cookies: true }, 7]) {
      expect(readConsent(told, startNotes())).toMatchObject({
        ok: false,
        reason: { code: "invalid_consent" },
      });
    }
  });
});
