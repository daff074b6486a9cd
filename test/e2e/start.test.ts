// `npm start` as a newcomer meets it: the lines it prints work, the docs open, Ctrl-C ends it, the next start is quick.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../src/client/api.ts";
import { ensureDevVars } from "../../src/client/dev-vars.ts";
import { findFreePort, isPortFree } from "../../src/lab/worker/local-worker.ts";
import { DEMO_MODEL } from "../../src/cli/start/publish-model.ts";
import { startCommand, type Command } from "../support/command.ts";
import { makeFolder } from "../support/folder.ts";
import { pollUntil } from "../support/poll.ts";

const START_MS = 110_000;
const STOP_MS = 20_000;
const MODEL_MS = 60_000;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "headless_shell"];

const persistTo = makeFolder();
let port: number;
let running: Command;

async function startShop(): Promise<Command> {
  const command = startCommand("start", ["--port", String(port), "--persist-to", persistTo]);
  await pollUntil("the shop is open", START_MS, () => {
    if (command.exitCode() !== null) throw new Error(command.stdout() + command.stderr());
    return command.stdout().includes("Ctrl-C ends it") ? true : null;
  });
  return command;
}

function exists(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

const browser = process.env["CHROME_BIN"] ?? BROWSERS.find(exists);

beforeAll(async () => {
  port = await findFreePort();
  running = await startShop();
});

afterAll(async () => {
  running.signal("SIGINT");
  await running.ended;
  rmSync(persistTo, { recursive: true, force: true });
});

describe("npm start", () => {
  it.skipIf(!exists("curl"))("prints three lines that work when pasted (needs curl)", () => {
    const lines = running
      .stdout()
      .split("\n")
      .filter((line) => line.startsWith("curl "));
    const [verdict, recommendation, profile] = lines.map((line) =>
      JSON.parse(execFileSync("sh", ["-c", line], { encoding: "utf8" })),
    );
    expect(verdict).toMatchObject({ accepted: 1, rejected: [] });
    expect(recommendation.items).toHaveLength(5);
    expect(profile.profile.counts.view_item).toBeGreaterThan(0);
  });

  it("gives the Worker its secrets, so that a user can be proven", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(await response.json()).toMatchObject({ status: "ok", identity: "proof" });
  });

  it("answers with the models that it ships", async () => {
    const versionOf = (manifest: string) =>
      JSON.parse(readFileSync(join(DEMO_MODEL, manifest), "utf8")).version;
    const [ranking, version] = ["manifest.json", "next-item/manifest.json"].map(versionOf);
    const keys = ensureDevVars();
    const api = connect({
      url: `http://127.0.0.1:${port}`,
      key: keys.publishable,
      waitMs: STOP_MS,
    });
    // Isolates look for a new model every few seconds.
    await pollUntil(`an answer of model ${version}`, MODEL_MS, async () => {
      const path = "/v1/recommendations?surface=product&item_id=TEN-001&anonymous_id=device-1";
      const { body } = await api.send("GET", path);
      const { model_version, ranking_version } = Object(body);
      return model_version === version && ranking_version === ranking ? true : null;
    });
  });

  it("serves an OpenAPI document and a docs page that needs no other host", async () => {
    const url = `http://127.0.0.1:${port}`;
    const document = await (await fetch(`${url}/openapi.json`)).json();
    expect(Object.keys(Object(document).paths)).toContain("/v1/events");
    const page = await (await fetch(`${url}/docs`)).text();
    expect(page).toContain("</html>");
    expect(page).not.toMatch(/(src|href)="https?:\/\//);
  });

  it.skipIf(browser === undefined)("shows the docs in a browser (needs Chromium)", () => {
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"];
    const page = execFileSync(
      browser ?? "",
      [...flags, "--dump-dom", `http://127.0.0.1:${port}/docs`],
      { encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "ignore"] },
    );
    expect(page).toContain("/v1/recommendations");
  });

  it("says so when the port is taken", async () => {
    const second = startCommand("start", ["--port", String(port), "--persist-to", persistTo]);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain(`Port ${port} is taken`);
  });

  it("ends on Ctrl-C, and opens the same shop again without filling it twice", async () => {
    expect(running.stdout()).toMatch(/480 items, \d+ events/);
    running.signal("SIGINT");
    expect(await running.ended).toBe(0);
    await pollUntil("the port is free", STOP_MS, async () =>
      (await isPortFree(port)) ? true : null,
    );
    running = await startShop();
    expect(running.stdout()).not.toMatch(/\d+ events/);
  });
});
