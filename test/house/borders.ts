// The borders of the house, as one list of what each room may import. What is not listed is forbidden, types included; a
// room may import itself. Read by the lint rule beside this file and by the tests of both.

export type Room = {
  /** A folder, a file, or the beginning of file names (`models/runtime/node*`). The longest one that fits a file counts. */
  room: string;
  /** Folders, files, and packages; a package stands for its subpaths too. */
  may: readonly string[];
};

const STATE = "durable/state";
/** What the floors above may know of the memory beside its state. */
const LINES = "durable/log-line.ts";
const MEMORY = ["durable/contract.ts", LINES, "durable/message-size.ts", "durable/stubs.ts"];
/** The forms of a running model, without any that runs it. */
const RUNTIME = [
  "models/runtime/runtime.ts",
  "models/runtime/feeds.ts",
  "models/runtime/shareable.ts",
];
/** The catalogue as it lies in memory: no storage. */
const CATALOG = [
  "src/catalog/availability.ts",
  "src/catalog/catalog-item.ts",
  "src/catalog/catalog.ts",
  "src/catalog/changed-item.ts",
  "src/catalog/columns.ts",
  "src/catalog/hash.ts",
  "src/catalog/sketch.ts",
  "src/catalog/top-k.ts",
];
const STORAGE = ["drizzle-orm", "src/d1"];
/** What any model is made of. */
const TRAINED = [
  "models/evaluate",
  "models/graph",
  "models/optimise",
  "models/registry",
  ...RUNTIME,
];

/** From the ground up: a room names only rooms above it in this list, so there is no circle. */
export const ROOMS: readonly Room[] = [
  // The memory.
  { room: STATE, may: [] },
  { room: "migrations", may: ["drizzle-kit"] },
  { room: "durable", may: [STATE, "migrations/shopper", "cloudflare:workers"] },
  { room: "durable/rows", may: [STATE, "durable/contract.ts", "drizzle-orm"] },

  // The mind.
  { room: "models/graph", may: ["@bufbuild/protobuf/wire"] },
  {
    room: "models/runtime",
    may: [
      "@bufbuild/protobuf/wire",
      "node_modules/onnxruntime-web",
      "onnxruntime-common",
      "onnxruntime-web",
    ],
  },
  {
    room: "models/runtime/node*",
    may: ["models/runtime", "node:*", "onnxruntime-common", "onnxruntime-node", "tinypool"],
  },
  { room: "models/optimise", may: ["models/graph", ...RUNTIME] },
  { room: "models/registry", may: ["durable/state/result.ts", "zod"] },
  { room: "models/evaluate", may: ["models/graph/random.ts", "d3-scale", "d3-shape"] },
  { room: "models/baselines", may: ["models/evaluate"] },
  { room: "models/next-item", may: [STATE, ...TRAINED, "zod"] },
  {
    room: "models/ranking",
    may: [STATE, ...TRAINED, "models/baselines", "models/next-item", "zod"],
  },
  { room: "models/intent", may: [STATE, ...TRAINED, "models/baselines", "zod"] },
  { room: "models/demand", may: [STATE, ...TRAINED, "models/baselines", "zod"] },

  // The doors.
  { room: "src/d1", may: [...MEMORY, "drizzle-orm"] },
  { room: "src/files", may: ["sax"] },
  { room: "src/shop", may: [...MEMORY, STATE, "zod"] },
  { room: "src/catalog", may: [STATE, LINES, ...STORAGE, "src/files", "src/shop"] },
  { room: "src/log", may: [STATE, ...MEMORY, ...STORAGE, "src/catalog", "src/shop", "zod"] },
  {
    room: "src/ingest",
    may: [STATE, ...MEMORY, ...CATALOG, "src/log/message.ts", "src/shop", "zod"],
  },
  {
    room: "src/live",
    may: [STATE, ...CATALOG, "models/baselines", "models/next-item/data", "src/shop"],
  },
  {
    room: "src/recommend",
    may: [
      STATE,
      LINES,
      ...CATALOG,
      "models/baselines",
      "models/evaluate",
      "models/next-item",
      "models/ranking",
      "models/registry",
      "src/live",
      "zod",
    ],
  },
  { room: "src/search", may: ["durable/message-size.ts", ...STORAGE, "src/catalog", "src/log"] },
  {
    room: "src/batch",
    may: [
      STATE,
      ...MEMORY,
      ...STORAGE,
      "src/catalog",
      "src/log",
      "src/search",
      "src/shop",
      "hyparquet",
      "hyparquet-writer",
      "zod",
    ],
  },
  {
    room: "src/carts",
    may: [
      STATE,
      ...MEMORY,
      ...STORAGE,
      ...CATALOG,
      "models/intent",
      "models/registry",
      "src/log",
      "src/recommend/experiment/sequential.ts",
      "src/shop",
      "standardwebhooks",
      "zod",
    ],
  },
  {
    room: "src/supply",
    may: [
      STATE,
      ...MEMORY,
      ...STORAGE,
      ...CATALOG,
      "src/catalog/stock-moves.ts",
      "models/demand",
      "models/registry",
      "src/batch",
      "src/log",
      "src/shop",
      "zod",
    ],
  },
  {
    room: "src/console",
    may: [...MEMORY, ...STORAGE, "src/batch/run/schema.ts", "src/catalog/schema.ts", "src/log"],
  },
  {
    room: "src/isolate",
    may: [
      STATE,
      ...MEMORY,
      "models/next-item",
      "models/ranking",
      "models/intent",
      "models/demand",
      "models/registry",
      "models/runtime/workers.ts",
      "src/catalog",
      "src/live",
      "src/log",
      "src/recommend",
      "src/shop",
    ],
  },
  {
    room: "src/http",
    may: [
      STATE,
      ...MEMORY,
      "@hono/zod-openapi",
      "hono",
      "isbot",
      "models/registry",
      "src/batch",
      "src/carts",
      "src/catalog",
      "src/console",
      "src/files",
      "src/ingest",
      "src/isolate",
      "src/log",
      "src/recommend",
      "src/search",
      "src/shop",
      "src/supply",
      "zod",
    ],
  },
  {
    room: "src/index.ts",
    may: [
      "durable/shopper.ts",
      "durable/watch/watch.ts",
      "src/batch",
      "src/carts",
      "src/console",
      "src/http",
      "src/isolate",
      "src/log",
      "src/supply",
    ],
  },

  // Programs in Node.
  { room: "src/client", may: ["node:*", "p-retry"] },
  {
    room: "src/learn",
    may: [
      STATE,
      "models",
      "node:*",
      "hyparquet",
      "p-retry",
      "src/batch",
      "src/catalog",
      "src/client",
      "src/live",
      "src/log",
      "src/recommend",
      "src/shop",
      "zod",
    ],
  },
  {
    room: "src/lab",
    may: [
      STATE,
      ...CATALOG,
      "models",
      "node:*",
      "cli-progress",
      "hyparquet",
      "hyparquet-compressors",
      "p-retry",
      "src/client",
      "src/catalog/feed",
      "src/files",
      "src/ingest",
      "src/learn",
      "src/shop",
      "src/supply/reorder/demand.ts",
      "src/supply/reorder/policy.ts",
      "wrangler",
      "zod",
    ],
  },
  {
    room: "src/cli",
    may: [
      "models/next-item/config.ts",
      "models/next-item/network/table-form.ts",
      "node:*",
      "commander",
      "src/client",
      "src/lab",
      "src/learn",
      "standardwebhooks",
      "zod",
    ],
  },

  // What runs in a browser.
  { room: "src/web", may: [] },
];

/** The room of a file; undefined where it has none. Paths are relative to the root, with `/`. */
export function findRoom(file: string): Room | undefined {
  return ROOMS.filter(({ room }) => isIn(file, room)).reduce<Room | undefined>(
    (best, each) => (best === undefined || each.room.length > best.room.length ? each : best),
    undefined,
  );
}

/** Whether a room may import a target: a file by its path from the root, or a package by its name. */
export function mayImport({ room, may }: Room, target: string): boolean {
  return [room, ...may].some((allowed) => isIn(target, allowed));
}

function isIn(path: string, part: string): boolean {
  if (part.endsWith("*")) return path.startsWith(part.slice(0, -1));
  return path === part || path.startsWith(`${part}/`);
}
