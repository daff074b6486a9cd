// What is tried at each border to see that it holds.

/** Each border: a file, an import over it that is forbidden, and one that is not. */
export const BORDERS: readonly {
  border: string;
  from: string;
  forbidden: string;
  allowed: string;
}[] = [
  {
    border: "the memory knows no models",
    from: "durable/probe.ts",
    forbidden: "../models/registry/keys.ts",
    allowed: "./state/event.ts",
  },
  {
    border: "the memory knows no doors",
    from: "durable/rows/probe.ts",
    forbidden: "../../src/log/schema.ts",
    allowed: "../contract.ts",
  },
  {
    border: "of the memory only its rows touch storage",
    from: "durable/probe.ts",
    forbidden: "drizzle-orm",
    allowed: "./rows/shopper-store.ts",
  },
  {
    border: "rows decide nothing",
    from: "durable/rows/probe.ts",
    forbidden: "../drain-outbox.ts",
    allowed: "drizzle-orm/sqlite-core",
  },
  {
    border: "state knows nothing outside itself, not even the rest of the memory",
    from: "durable/state/probe.ts",
    forbidden: "../contract.ts",
    allowed: "./session.ts",
  },
  {
    border: "state uses no package",
    from: "durable/state/probe.ts",
    forbidden: "zod",
    allowed: "./event.ts",
  },
  {
    border: "state has no platform",
    from: "durable/state/probe.ts",
    forbidden: "cloudflare:workers",
    allowed: "./cart.ts",
  },
  {
    border: "the memory tells no shell's secrets: of it models know the state alone",
    from: "models/ranking/features/probe.ts",
    forbidden: "../../../durable/stubs.ts",
    allowed: "../../../durable/state/features.ts",
  },
  {
    border: "models know no doors",
    from: "models/next-item/probe.ts",
    forbidden: "../../src/catalog/catalog.ts",
    allowed: "../registry/keys.ts",
  },
  {
    border: "only models/runtime knows what runs a model",
    from: "models/next-item/serve/probe.ts",
    forbidden: "onnxruntime-common",
    allowed: "../../runtime/runtime.ts",
  },
  {
    border: "a model does not choose its runtime",
    from: "models/ranking/serve/probe.ts",
    forbidden: "../../runtime/workers.ts",
    allowed: "../../runtime/feeds.ts",
  },
  {
    border: "no door runs a model by itself",
    from: "src/isolate/probe.ts",
    forbidden: "onnxruntime-web/wasm",
    allowed: "../../models/runtime/workers.ts",
  },
  {
    border: "a graph knows nothing of models",
    from: "models/graph/ops/probe.ts",
    forbidden: "../../registry/finite.ts",
    allowed: "../graph.ts",
  },
  {
    border: "a graph knows one package, the wire format",
    from: "models/graph/probe.ts",
    forbidden: "zod",
    allowed: "@bufbuild/protobuf/wire",
  },
  {
    border: "no Node in what a Worker loads: models",
    from: "models/runtime/probe.ts",
    forbidden: "node:fs",
    allowed: "./tensors.ts",
  },
  {
    border: "Node's runtime may use Node",
    from: "models/runtime/node-probe.ts",
    forbidden: "drizzle-orm",
    allowed: "node:fs",
  },
  {
    border: "no Node in what a Worker loads: doors",
    from: "src/log/probe.ts",
    forbidden: "node:crypto",
    allowed: "drizzle-orm/d1",
  },
  {
    border: "the use case touches no storage",
    from: "src/recommend/rules/probe.ts",
    forbidden: "drizzle-orm",
    allowed: "../../catalog/catalog.ts",
  },
  {
    border: "the use case touches no storage by way of the catalogue",
    from: "src/recommend/probe.ts",
    forbidden: "../catalog/read-items.ts",
    allowed: "../catalog/top-k.ts",
  },
  {
    border: "the use case knows no framework",
    from: "src/recommend/probe.ts",
    forbidden: "hono",
    allowed: "zod",
  },
  {
    border: "the use case knows no platform",
    from: "src/recommend/probe.ts",
    forbidden: "cloudflare:workers",
    allowed: "../live/live-index.ts",
  },
  {
    border: "routes touch no storage directly",
    from: "src/http/shop/probe.ts",
    forbidden: "drizzle-orm",
    allowed: "../../log/stats.ts",
  },
  {
    border: "routes open no model",
    from: "src/http/shop/probe.ts",
    forbidden: "../../../models/next-item/serve/open-next-item.ts",
    allowed: "../../isolate/open-isolate.ts",
  },
  {
    border: "what was sent is read without storage",
    from: "src/ingest/probe.ts",
    forbidden: "drizzle-orm",
    allowed: "zod",
  },
  {
    border: "nobody imports src/http",
    from: "src/isolate/probe.ts",
    forbidden: "../http/app.ts",
    allowed: "../recommend/recommend.ts",
  },
  {
    border: "nobody but the entry imports src/http",
    from: "src/index.ts",
    forbidden: "./cli/train.ts",
    allowed: "./http/app.ts",
  },
  {
    border: "nobody imports src/cli",
    from: "src/lab/probe.ts",
    forbidden: "../cli/train.ts",
    allowed: "../learn/round.ts",
  },
  {
    border: "only src/cli imports the laboratory",
    from: "src/learn/probe.ts",
    forbidden: "../lab/open-log.ts",
    allowed: "../batch/export/parquet.ts",
  },
  {
    border: "the commands are thin",
    from: "src/cli/probe.ts",
    forbidden: "../batch/schedule.ts",
    allowed: "../lab/open-log.ts",
  },
  {
    border: "nobody imports src/web",
    from: "src/http/docs/probe.ts",
    forbidden: "../../web/console/page.ts",
    allowed: "hono/html",
  },
  {
    border: "a browser knows nothing of the server",
    from: "src/web/sdk/probe.ts",
    forbidden: "../../ingest/wire.ts",
    allowed: "./queue.ts",
  },
  {
    border: "a room that nobody has declared may import nothing",
    from: "src/attic/probe.ts",
    forbidden: "zod",
    allowed: "",
  },
];
