// What random numbers are drawn for. Each purpose has a stream of its own, so that none repeats another's.

export const LIST_STREAM = {
  parameters: 11,
  targets: 12,
  candidates: 13,
  order: 14,
  judged: 15,
} as const;
