// The tree of the house as it stands: no folder too full, no circle between folders, nothing reached by a detour.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** What one can still take in at a glance. */
const MAX_OWN_FILES = 16;

/** The modules of the three floors, by path from the root. */
const FILES = ["src", "models", "durable"].flatMap((floor) =>
  readdirSync(path.join(ROOT, floor), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => path.posix.join(floor, name.split(path.sep).join("/"))),
);

const IMPORT = /^(?:import|export)\s[^"]*?"([^"]+)";|\bimport\("([^"]+)"\)/gm;

/** What each module imports: paths from the root, and packages. */
const IMPORTS = new Map(
  FILES.map((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    const names = [...text.matchAll(IMPORT)].map(([, named, called]) => named ?? called ?? "");
    const folder = path.posix.dirname(file);
    return [
      file,
      names.map((name) => (name.startsWith(".") ? path.posix.join(folder, name) : name)),
    ] as const;
  }),
);

/** The way from a module to the first import that `isGoal`, or none. */
function findWay(from: string, isGoal: (target: string) => boolean): string[] {
  const cameFrom = new Map<string, string>([[from, ""]]);
  // A map yields what is added while it is walked: breadth first.
  for (const [file] of cameFrom) {
    for (const target of IMPORTS.get(file) ?? []) {
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, file);
      if (!isGoal(target)) continue;
      const way = [target];
      for (let at = file; at !== ""; at = cameFrom.get(at) ?? "") way.unshift(at);
      return way;
    }
  }
  return [];
}

it("reads every import", () => {
  const missing = [...IMPORTS].flatMap(([file, targets]) =>
    targets
      .filter((target) => /^(src|models|durable)\/.*\.ts$/.test(target) && !IMPORTS.has(target))
      .map((target) => `${file} -> ${target}`),
  );
  expect(missing).toEqual([]);
  expect(IMPORTS.get("src/index.ts")).toContain("src/http/app.ts");
});

it("has no folder that is too full", () => {
  const own = Map.groupBy(FILES, (file) => path.posix.dirname(file));
  const full = [...own].filter(([, files]) => files.length > MAX_OWN_FILES);
  expect(full.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
});

it("has no circle between folders that lie side by side", () => {
  const isInside = (inner: string, outer: string) => inner.startsWith(`${outer}/`);
  const arrows = new Map<string, Set<string>>();
  for (const [file, targets] of IMPORTS) {
    const from = path.posix.dirname(file);
    for (const target of targets.filter((each) => IMPORTS.has(each))) {
      const to = path.posix.dirname(target);
      // A folder and what lies in it may know each other; between their files there is no circle either.
      if (from === to || isInside(from, to) || isInside(to, from)) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  const circles = [...arrows.keys()].filter((start) => {
    const seen = new Set(arrows.get(start));
    for (const folder of seen) for (const next of arrows.get(folder) ?? []) seen.add(next);
    return seen.has(start);
  });
  expect(circles).toEqual([]);
});

it.each([
  ["src/recommend/", /^(hono|@hono|drizzle-orm|cloudflare:|onnxruntime|node:)/],
  ["src/live/", /^(hono|@hono|drizzle-orm|cloudflare:|onnxruntime|node:)/],
  ["models/next-item/", /^(onnxruntime|tinypool|node:)/],
  ["models/ranking/", /^(onnxruntime|tinypool|node:)/],
  ["durable/state/", /^[^.]*[:@]|^(zod|drizzle-orm)/],
])("does not let %s reach by a detour what it may not import", (folder, forbidden) => {
  const ways = FILES.filter((file) => file.startsWith(folder)).map((file) =>
    findWay(file, (target) => forbidden.test(target)),
  );
  expect(ways.filter((way) => way.length > 0)).toEqual([]);
});

it("loads no program of Node into the Worker", () => {
  expect(findWay("src/index.ts", (target) => target.startsWith("node:"))).toEqual([]);
  expect(
    findWay("src/index.ts", (target) => /^src\/(cli|lab|learn|client)\//.test(target)),
  ).toEqual([]);
});
