// What random numbers are drawn for. Each purpose has a stream of its own, so that none repeats another's.

export const STREAM = {
  parameters: 1,
  table: 2,
  order: 3,
  step: 4,
  validation: 5,
  packing: 6,
  thinning: 7,
} as const;
