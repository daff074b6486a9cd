// The borders of the house hold: probes go through the linter with the project's own configuration.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import * as z from "zod";
import { ROOMS } from "../../house/borders.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Each border: a file, an import over it that is forbidden, and one that is not. */
const BORDERS: { border: string; from: string; forbidden: string; allowed: string }[] = [
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

/** Every way to import a module, each a whole file. */
const WAYS = [
  (name: string) => `import { x } from "${name}";\nx();\n`,
  (name: string) => `import type { X } from "${name}";\nexport type Y = X;\n`,
  (name: string) => `export { x } from "${name}";\n`,
  (name: string) => `export * from "${name}";\n`,
  (name: string) => `export const x = () => import("${name}");\n`,
  (name: string) => `export type Y = import("${name}").X;\n`,
  (name: string) => `import "${name}";\n`,
];

/** What is read of the linter's report. */
const Report = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
});

/** The linter's complaints about borders in files that are laid out as the project is, by file. */
async function lint(files: Record<string, string>): Promise<Set<string>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "house-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const bin = path.join(ROOT, "node_modules/oxlint/bin/oxlint");
    const options = ["-c", path.join(ROOT, ".oxlintrc.json"), "--format", "json"];
    const run = promisify(execFile)(process.execPath, [bin, ...options], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
    // It exits with 1 when it has something to say.
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    const { diagnostics } = Report.parse(JSON.parse(stdout));
    return new Set(
      diagnostics
        .filter(({ code }) => code === "house(borders)")
        .map(({ filename }) => path.relative(folder, path.resolve(folder, filename))),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `src/log/probe.ts` and 3 to a file in the same room. */
const numbered = (file: string, number: number) =>
  file === "src/index.ts" ? file : file.replace(/\.ts$/, `-${number}.ts`);

it("flags an import over each border, and none that keeps to it", async () => {
  const names = (kind: "forbidden" | "allowed") =>
    BORDERS.map((each, i) => ({ ...each, target: each[kind], file: numbered(each.from, i) }));
  const laidOut = (probes: ReturnType<typeof names>) =>
    Object.fromEntries(
      probes.map(({ file, target }) => [
        file,
        target === "" ? "export const x = 1;\n" : `import { x } from "${target}";\nx();\n`,
      ]),
    );
  const forbidden = names("forbidden");
  const flagged = await lint(laidOut(forbidden));
  const leaks = forbidden.filter(({ file }) => !flagged.has(file));
  expect(leaks.map(({ border }) => border)).toEqual([]);
  expect([...(await lint(laidOut(names("allowed"))))]).toEqual([]);
});

it("sees every way to import, types included", async () => {
  const files = (name: string) =>
    Object.fromEntries(WAYS.map((write, i) => [`durable/state/way-${i}.ts`, write(name)]));
  expect(await lint(files("../../src/log/schema.ts"))).toEqual(new Set(Object.keys(files(""))));
  expect(await lint(files("./event.ts"))).toEqual(new Set());
});

it("leaves tests free", async () => {
  expect(await lint({ "test/unit/probe.ts": WAYS[0]?.("../../src/http/app.ts") ?? "" })).toEqual(
    new Set(),
  );
});

it("lets a room import only rooms that are declared before it, so that none can import another in a circle", () => {
  const floors = ROOMS.map(({ room }) => room.replace(/\*$/, ""));
  const later = ROOMS.flatMap(({ room, may }, at) =>
    may
      .filter((allowed) =>
        floors.some(
          (other, place) => place > at && (allowed === other || allowed.startsWith(`${other}/`)),
        ),
      )
      .map((allowed) => `${room} -> ${allowed}`),
  );
  expect(later).toEqual([]);
});

it("lets no floor import the one above it", () => {
  const height = (name: string) => ["durable", "models", "src"].indexOf(name.split("/")[0] ?? "");
  const up = ROOMS.flatMap(({ room, may }) =>
    may
      .filter((allowed) => height(allowed) > height(room))
      .map((allowed) => `${room} -> ${allowed}`),
  );
  expect(up.filter((arrow) => !arrow.startsWith("migrations"))).toEqual([]);
});
