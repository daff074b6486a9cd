// What the simulated shop sells: a small outdoor and home shop. Plain data, no behaviour.

export type Category = {
  name: string;
  nouns: readonly string[];
  /** Median price in whole euros. */
  price: number;
  /** The month (0 = January) in which the category sells best, and how strongly it swings (0..1). */
  peak: number;
  swing: number;
  /** Share of the shop's visits that start here, relative to the others. */
  pull: number;
  /** Names of the categories from which shoppers complete a basket. */
  complements: readonly string[];
};

export const CATEGORIES: readonly Category[] = [
  {
    name: "Tents",
    nouns: ["Dome Tent", "Tunnel Tent", "Tarp", "Bivy"],
    price: 190,
    peak: 5,
    swing: 0.7,
    pull: 6,
    complements: ["Sleeping", "Camp Kitchen"],
  },
  {
    name: "Sleeping",
    nouns: ["Sleeping Bag", "Sleeping Mat", "Camp Pillow", "Liner"],
    price: 75,
    peak: 6,
    swing: 0.5,
    pull: 7,
    complements: ["Tents", "Packs"],
  },
  {
    name: "Packs",
    nouns: ["Daypack", "Trekking Pack", "Roll-top", "Duffel"],
    price: 95,
    peak: 6,
    swing: 0.4,
    pull: 9,
    complements: ["Bottles", "Rainwear"],
  },
  {
    name: "Boots",
    nouns: ["Hiking Boot", "Trail Shoe", "Approach Shoe", "Sandal"],
    price: 130,
    peak: 8,
    swing: 0.3,
    pull: 12,
    complements: ["Socks", "Rainwear"],
  },
  {
    name: "Socks",
    nouns: ["Hiking Sock", "Liner Sock", "Wool Sock"],
    price: 16,
    peak: 10,
    swing: 0.3,
    pull: 6,
    complements: ["Boots"],
  },
  {
    name: "Rainwear",
    nouns: ["Rain Jacket", "Shell", "Rain Pants", "Poncho"],
    price: 140,
    peak: 9,
    swing: 0.4,
    pull: 10,
    complements: ["Boots", "Packs"],
  },
  {
    name: "Insulation",
    nouns: ["Down Jacket", "Fleece", "Vest", "Beanie"],
    price: 120,
    peak: 11,
    swing: 0.8,
    pull: 12,
    complements: ["Socks", "Rainwear"],
  },
  {
    name: "Camp Kitchen",
    nouns: ["Stove", "Pot Set", "Mug", "Spork", "Grill"],
    price: 38,
    peak: 6,
    swing: 0.6,
    pull: 7,
    complements: ["Bottles", "Tents"],
  },
  {
    name: "Bottles",
    nouns: ["Bottle", "Flask", "Hydration Bladder", "Filter"],
    price: 28,
    peak: 6,
    swing: 0.3,
    pull: 7,
    complements: ["Packs"],
  },
  {
    name: "Lights",
    nouns: ["Headlamp", "Lantern", "Bike Light"],
    price: 42,
    peak: 11,
    swing: 0.5,
    pull: 6,
    complements: ["Tents", "Navigation"],
  },
  {
    name: "Navigation",
    nouns: ["GPS Watch", "Compass", "Map Case", "Power Bank"],
    price: 110,
    peak: 4,
    swing: 0.2,
    pull: 6,
    complements: ["Lights"],
  },
  {
    name: "Climbing",
    nouns: ["Harness", "Rope", "Chalk Bag", "Helmet", "Quickdraw"],
    price: 65,
    peak: 4,
    swing: 0.4,
    pull: 6,
    complements: ["Boots", "Packs"],
  },
];

/** `level` multiplies the category's median price. */
export const BRANDS: readonly { name: string; level: number }[] = [
  { name: "Firnlicht", level: 1.9 },
  { name: "Norrvik", level: 1.6 },
  { name: "Altaro", level: 1.4 },
  { name: "Kestrel & Pine", level: 1.25 },
  { name: "Dunmore", level: 1.1 },
  { name: "Hollin", level: 1 },
  { name: "Tarn", level: 0.95 },
  { name: "Bergwerk", level: 0.85 },
  { name: "Wayfare", level: 0.7 },
  { name: "Plain", level: 0.5 },
];

export const MODEL_NAMES: readonly string[] = [
  "Arve",
  "Birk",
  "Cairn",
  "Delta",
  "Eider",
  "Fjell",
  "Gneiss",
  "Hazel",
  "Isar",
  "Juno",
  "Karst",
  "Lark",
  "Moss",
  "Nimbus",
  "Orrin",
  "Pika",
  "Quill",
  "Rowan",
  "Sorrel",
  "Tern",
];
