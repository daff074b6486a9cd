// The borders of the house hold: probes go through the linter with the project's own configuration.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import * as z from "zod";
import { ROOMS } from "../../house/borders.ts";
import { BORDERS } from "../../house/probes.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

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
          (other, index) => index > at && (allowed === other || allowed.startsWith(`${other}/`)),
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
