// A number that is always the same for the same text: the hold-out, cart versions and reminder ids hang on it.

/** 32 bits: FNV-1a with the finaliser of MurmurHash3, which spreads what differs in the last letter only. */
function hashWord(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 64 bits as hexadecimal digits. */
export function hashHex(text: string): string {
  const word = (seed: number) => hashWord(text, seed).toString(16).padStart(8, "0");
  return word(0) + word(0x9e3779b9);
}

/** In the hold-out for good, whatever the rule and the channel; a larger share adds shoppers and frees none. */
export function isHeldOut(shopper: string, share: number): boolean {
  return hashWord(`reminders:hold-out\n${shopper}`) / 2 ** 32 < share;
}
