// Why a line of a catalogue is not taken, with a sentence for its sender.

export const REFUSAL_CODES = [
  "invalid_json",
  "invalid_utf8",
  "invalid_row",
  "line_too_long",
  "invalid_item",
  "broken_feed",
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type Refusal = { code: RefusalCode; message: string };
