// What holds of the answers of every route: status, envelope, headers, and what a question must not do.
import { env } from "cloudflare:workers";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { readSettings } from "../../src/shop/settings.ts";
import { countRows } from "./support/api.ts";
import { checkAnswer, OPERATIONS } from "./support/document.ts";
import { makeEvent, openShop, putItems, sendAll, waitForRows } from "./support/shop.ts";

const ORIGIN = "https://shop.example";
/** Nobody whom another file erases: an object remembers in memory, which outlives the storage between files. */
const VISITOR = "asked-visitor";
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/** The routes of the document, with an id in each place for one. */
const ROUTES = OPERATIONS.map(({ name, security }) => {
  const [method = "", path = ""] = name.split(" ");
  const schemes = (security ?? []).flatMap((each) => Object.keys(each));
  const isForBrowsers = schemes.some((scheme) => /publishable|shopperToken/.test(scheme));
  return { name, method, path: path.replaceAll(/\{\w+\}/g, "home"), isForBrowsers };
});
const PATHS = [...new Set(ROUTES.map(({ path }) => path))];

const app = createApp();

type Asking = { body?: BodyInit; headers?: Record<string, string> };

/** As a browser of another site sends it. */
async function ask(method: string, path: string, more: Asking = {}, key = "sk_test") {
  const context = createExecutionContext();
  const headers = { authorization: `Bearer ${key}`, origin: ORIGIN, ...more.headers };
  const response = await app.fetch(
    new Request(ORIGIN + path, { ...more, method, headers }),
    env,
    context,
  );
  await waitOnExecutionContext(context);
  return response;
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { error } = await response.json<{ error: { code: string; request_id: string } }>();
  expect(error.request_id).toBe(response.headers.get("x-request-id"));
  return [response.status, error.code];
}

beforeAll(async () => {
  await openShop();
  await putItems([{ item_id: "boots", price: 9 }, { item_id: "socks" }]);
  await sendAll([makeEvent("view_item", VISITOR, ["boots"])]);
  await waitForRows("events", 1);
});

describe("every answer", () => {
  it.each(ROUTES)("of $name is no file to guess at, and nobody's to keep", async (route) => {
    for (const key of ["sk_test", "pk_test", "nobody"]) {
      const { headers } = await ask(route.method, route.path, {}, key);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      const kept = route.path.startsWith("/v1")
        ? "no-store"
        : expect.stringMatching(/no-(?:store|cache)/);
      expect(headers.get("cache-control")).toEqual(kept);
    }
  });

  it.each(ROUTES)(
    "of $name is for other sites' browsers only where their keys are",
    async (route) => {
      const answer = await ask(route.method, route.path);
      const isOpen = ROUTES.some(({ path, isForBrowsers }) => path === route.path && isForBrowsers);
      expect(answer.headers.get("access-control-allow-origin")).toBe(isOpen ? "*" : null);
      const asks = { "access-control-request-method": route.method };
      const preflight = await ask("OPTIONS", route.path, { headers: asks });
      expect(preflight.status).toBe(isOpen ? 204 : 405);
      expect(preflight.headers.get("access-control-allow-origin")).toBe(isOpen ? "*" : null);
    },
  );

  it.each(PATHS)("of %s to another method is 405 and names those that there are", async (path) => {
    const own = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
    for (const method of METHODS.filter((each) => !own.includes(each))) {
      const answer = await ask(method, path);
      expect(await codeOf(answer), method).toEqual([405, "method_not_allowed"]);
      const allowed = (answer.headers.get("allow") ?? "").split(", ");
      expect(allowed).toEqual(expect.arrayContaining(own));
      expect(allowed).not.toContain(method);
    }
  });

  it("has the envelope also where there is no route", async () => {
    for (const method of METHODS) {
      for (const path of [
        "/",
        "/v1",
        "/v1/nowhere",
        "/v1/items/a/b/c",
        "/%ff",
        "/v1/items/%ff%fe/x",
      ]) {
        expect(await codeOf(await ask(method, path))).toEqual([404, "not_found"]);
      }
    }
  });
});

describe("HEAD", () => {
  /** Rows of every table of the log. */
  async function countAll(): Promise<Record<string, unknown> | null> {
    const { results } = await env.DB.prepare(
      "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%'",
    ).all<{ name: string }>();
    const counts = results.map(({ name }) => `(select count(*) from "${name}") as "${name}"`);
    return await env.DB.prepare(`select ${counts.join(", ")}`).first();
  }

  it("asks as GET does, and changes nothing", async () => {
    const query = `?surface=home&anonymous_id=${VISITOR}&consent=granted`;
    const anna = await readSettings(env).pseudonymise("anonymous", VISITOR);
    const mine = "shopper = ?";
    const before = await countAll();
    for (const { method, path } of ROUTES) {
      if (method !== "GET") continue;
      const answer = await ask("HEAD", path + query, {}, "sk_test");
      expect(await answer.text(), path).toBe("");
      expect(answer.headers.get("content-type"), path).not.toBe(null);
    }
    for (let i = 0; i < 5; i++) {
      await ask("HEAD", `/v1/recommendations${query}`, {}, "pk_test");
    }
    // What is shown after it comes to the log after it.
    await ask("GET", `/v1/recommendations${query}`, {}, "pk_test");
    await vi.waitFor(async () => expect(await countRows("shown_lists", mine, anna)).toBe(1), {
      timeout: 20_000,
    });
    // Lists of nobody are those of the questions above; a dead letter is a message that was sent before them.
    const others = { shown_lists: 0, dead_letters: 0 };
    expect({ ...(await countAll()), ...others }).toEqual({ ...before, ...others });
  });
});

describe("a body", () => {
  const CHUNK = new Uint8Array(64_000).fill(0x20);

  function makeBody(bytes: number, onEnd: (sent: number) => void): ReadableStream<Uint8Array> {
    let sent = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += CHUNK.byteLength;
        if (sent <= bytes) return controller.enqueue(CHUNK);
        onEnd(sent);
        controller.close();
      },
    });
  }

  it.each(["/v1/events", "/v1/rerank", "/v1/track", "/v1/shopper-tokens"])(
    "to %s that is too long is read to its end before it is refused, so that its sender hears why",
    async (path) => {
      const isRead = vi.fn();
      const headers = { "content-type": "application/json" };
      const answer = await ask("POST", path, { body: makeBody(5_000_000, isRead), headers });
      expect(await codeOf(answer)).toEqual([413, "body_too_large"]);
      expect(isRead).toHaveBeenCalledOnce();
    },
  );

  it.each(["nobody", "pk_test"])("is read to its end where %s may not send it", async (key) => {
    const isRead = vi.fn();
    const answer = await ask("PUT", "/v1/items", { body: makeBody(5_000_000, isRead) }, key);
    expect([401, 403]).toContain(answer.status);
    expect(isRead).toHaveBeenCalledOnce();
  });

  it("that holds no events by its type is 415, on every way in", async () => {
    for (const { name, method, path } of ROUTES) {
      if (!/^POST .*\/(?:events|collect|track|batch|import|backfill)$/.test(name)) continue;
      for (const type of ["multipart/form-data; boundary=x", "image/png", "video/mp4"]) {
        const init = { body: "{}", headers: { "content-type": type } };
        const answer = await ask(method, path, init);
        await checkAnswer(`${method} ${path}`, answer.clone());
        expect(await codeOf(answer), path).toEqual([415, "unsupported_media_type"]);
      }
    }
  });

  it.each([
    ["POST", "/v1/events"],
    ["POST", "/v1/rerank"],
    ["PUT", "/v1/items"],
    ["PUT", "/v1/stock"],
    ["PUT", "/v1/models/next-item/v1/model.onnx"],
  ])("whose sender goes away is no error of ours: %s %s", async (method, path) => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      let pulls = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pulls++ < 3) controller.enqueue(CHUNK.slice(0, 100));
          else controller.error(new Error("Network connection lost."));
        },
      });
      const headers = {
        "content-type": "application/json",
        ...(path.includes("models") ? { "content-length": "900" } : {}),
      };
      await ask(method, path, { body, headers });
      expect(told.mock.calls).toEqual([]);
      expect(warned.mock.calls).toEqual([]);
    } finally {
      told.mockRestore();
      warned.mockRestore();
    }
  });
});

describe("an id", () => {
  it.each([".", "..", "\ud800", "a\udfffb", "a\u0000b"])("is never %j", async (id) => {
    const json = (value: object) => ({
      body: JSON.stringify(value),
      headers: { "content-type": "application/json" },
    });
    for (const body of [
      { items: [{ item_id: id }] },
      { items: [{ item_id: "boots" }], user_id: id },
      { items: [{ item_id: "boots" }], anonymous_id: id },
    ]) {
      expect(await codeOf(await ask("POST", "/v1/rerank", json(body)))).toEqual([
        400,
        "invalid_request",
      ]);
    }
    for (const who of [{ user_id: id }, { anonymous_id: id }]) {
      expect(await codeOf(await ask("POST", "/v1/shopper-tokens", json(who)))).toEqual([
        400,
        "invalid_request",
      ]);
    }
    expect(
      await codeOf(await ask("PUT", "/v1/stock", json({ items: [{ item_id: id, stock: 1 }] }))),
    ).toEqual([400, "invalid_request"]);
    const put = await ask("PUT", "/v1/items", json([{ item_id: id }]));
    expect(await put.json()).toMatchObject({ accepted: 0, errors: [{ code: "invalid_item" }] });
    const events = [
      makeEvent("view_item", VISITOR, [id]),
      { ...makeEvent("view_item", VISITOR, ["boots"]), anonymous_id: id },
      { ...makeEvent("view_item", VISITOR, ["boots"]), event_id: id },
    ];
    const sent = await ask("POST", "/v1/events", json({ events }));
    expect(await sent.json()).toMatchObject({ accepted: 0, rejected: { length: 3 } });
    const asked = await ask(
      "GET",
      `/v1/recommendations?anonymous_id=${encodeURIComponent(id.toWellFormed())}`,
    );
    expect([200, 400]).toContain(asked.status);
  });
});
