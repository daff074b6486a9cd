// What one event may hold. Each limit is above what shops really send, and below what would break a sum or a store.

/** GA4's own limit of lines. */
export const MAX_ITEMS = 200;
/** Of one piece, of a whole line and of an event, in units of the currency: far below 2^53 in minor units, sums too. */
export const MAX_MONEY = 1e9;
/** Pieces of one item in one line. Public logs have orders of 80,995; more is a mistake. */
export const MAX_PIECES = 1_000_000;
/** Largest level of stock. */
export const MAX_LEVEL = 1e9;
/** Largest place in a list. */
export const MAX_INDEX = 1e6;
/** Kept of a text that describes, characters; GA4 keeps 100. */
export const MAX_LABEL = 256;
/** Kept of a search, characters. */
export const MAX_SEARCH = 512;
/** Longest id of an event, characters. */
export const MAX_EVENT_ID = 128;
