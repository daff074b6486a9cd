// What every request passes: keys, origins, bodies, errors, and the documents about it all.
import { env } from "cloudflare:workers";
import { applyD1Migrations, createExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { fetchChecked } from "./support/document.ts";

const ORIGIN = "https://shop.example";
const PK = { authorization: "Bearer pk_test" };
const SK = { authorization: "Bearer sk_test" };

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetchChecked(new Request(ORIGIN + path, init));
}

async function errorOf(response: Response) {
  const { error } = await response.json<{
    error: { code: string; message: string; request_id: string };
  }>();
  expect(error.message).not.toBe("");
  expect(error.request_id).toBe(response.headers.get("x-request-id"));
  return [response.status, error.code];
}

describe("bodies", () => {
  const post = (body: BodyInit, headers: Record<string, string> = PK) =>
    send("/v1/events", { method: "POST", headers, body });

  it("says what is no JSON", async () => {
    for (const body of [
      '{"events": [',
      "",
      "NaN",
      '{"value": NaN}',
      new Uint8Array([0x22, 0xff, 0x22]),
    ]) {
      expect(await errorOf(await post(body))).toEqual([400, "invalid_json"]);
    }
  });

  it("says what is no batch", async () => {
    for (const body of [
      "5",
      "null",
      '"x"',
      '{"events": 5}',
      '{"events": {"length": 1}}',
      '{"batch": null}',
    ]) {
      expect(await errorOf(await post(body))).toEqual([400, "invalid_request"]);
    }
  });

  it("takes 500 events and refuses 501", async () => {
    const batch = (length: number) =>
      JSON.stringify({ events: Array.from({ length }, () => ({})) });
    const response = await post(batch(500));
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ accepted: 0, rejected: { length: 500 } });
    expect(await errorOf(await post(batch(501)))).toEqual([400, "batch_too_large"]);
  });

  it("refuses 10 MB that say so", async () => {
    expect(await errorOf(await post(" ".repeat(10_000_000)))).toEqual([413, "body_too_large"]);
  });

  it("limits every other JSON body as well", async () => {
    const body = JSON.stringify({ user_id: "x".repeat(10_000) });
    const headers = { ...SK, "content-type": "application/json" };
    expect(
      await errorOf(await send("/v1/shopper-tokens", { method: "POST", headers, body })),
    ).toEqual([413, "body_too_large"]);
    expect(
      await errorOf(await send("/v1/shopper-tokens", { method: "POST", headers, body: "{" })),
    ).toEqual([400, "invalid_json"]);
    expect(
      await errorOf(await send("/v1/shopper-tokens", { method: "POST", headers, body: "{}" })),
    ).toEqual([400, "invalid_request"]);
  });
});

describe("content types", () => {
  it("names the one that a JSON route wants, whatever came instead", async () => {
    const types = ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json"];
    for (const type of [...types, undefined]) {
      const headers = type === undefined ? SK : { ...SK, "content-type": type };
      const body = new TextEncoder().encode('{"user_id": "u"}');
      const response = await send("/v1/shopper-tokens", { method: "POST", headers, body });
      expect(await errorOf(response)).toEqual([415, "unsupported_media_type"]);
    }
  });

  it("takes JSON with parameters of its type", async () => {
    for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
      const headers = { ...SK, "content-type": type };
      const init = { method: "POST", headers, body: '{"user_id": "u"}' };
      expect((await send("/v1/shopper-tokens", init)).status).toBe(200);
    }
  });
});

describe("errors", () => {
  it("has one for a route that is not", async () => {
    expect(await errorOf(await send("/v1/nowhere"))).toEqual([404, "not_found"]);
  });

  it("names a bad query", async () => {
    expect(
      await errorOf(await send("/v1/shoppers/u/profile?id_type=dog", { headers: SK })),
    ).toEqual([400, "invalid_request"]);
    expect(await errorOf(await send("/v1/shoppers/u/export?id_type=dog", { headers: SK }))).toEqual(
      [400, "invalid_request"],
    );
    expect(await errorOf(await send("/v1/dead-letters?limit=1000", { headers: SK }))).toEqual([
      400,
      "invalid_request",
    ]);
  });

  it("keeps a caller's request id only where it is harmless", async () => {
    const idOf = async (id: string) =>
      (await send("/health/live", { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await idOf("trace-0123456789")).toBe("trace-0123456789");
    expect(await idOf('<script>"')).toMatch(/^[\da-f-]{36}$/);
  });

  it("shows nothing of an unknown error", async () => {
    const broken = { ...env, CURRENCY: "no currency" };
    const { createApp } = await import("../../src/http/app.ts");
    const request = new Request(`${ORIGIN}/v1/events`, {
      method: "POST",
      headers: PK,
      body: '{"events": []}',
    });
    const response = await createApp().fetch(request, broken);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/currency/i);
  });
});

describe("origins", () => {
  it("answers a preflight without a key", async () => {
    const headers = { origin: ORIGIN, "access-control-request-method": "POST" };
    const response = await send("/v1/events", { method: "OPTIONS", headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
  });

  it("names only origins that are allowed", async () => {
    const { allowOrigin } = await import("../../src/http/app.ts");
    expect(allowOrigin("https://a.example", "https://a.example, https://b.example")).toBe(
      "https://a.example",
    );
    expect(allowOrigin("https://evil.example", "https://a.example")).toBe(null);
    expect(allowOrigin("https://a.example.evil", "https://a.example")).toBe(null);
    expect(allowOrigin("https://a.example", "")).toBe(null);
  });
});

describe("documents", () => {
  it("describes every route of the API in OpenAPI 3.1", async () => {
    const { createApp } = await import("../../src/http/app.ts");
    const document = await (
      await send("/openapi.json")
    ).json<{ openapi: string; paths: Record<string, object> }>();
    expect(document.openapi).toMatch(/^3\.1/);
    const described = new Set(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
        ),
      ),
    );
    const served = createApp().routes.filter(
      ({ method, path }) => method !== "ALL" && path.startsWith("/v1/"),
    );
    expect(served.length).toBeGreaterThan(10);
    for (const { method, path } of served)
      expect(described).toContain(`${method} ${path.replaceAll(/\{[^}]*\}/g, "")}`);
  });

  it("refers to no schema that is not there", async () => {
    const text = await (await send("/openapi.json")).text();
    const document: { components: { schemas: object } } = JSON.parse(text);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(document.components.schemas).toHaveProperty(name ?? "");
    }
  });

  it("draws them all on a page that needs nothing from elsewhere", async () => {
    const response = await send("/docs");
    const page = await response.text();
    expect(response.headers.get("content-type")).toContain("text/html");
    const { paths } = await (await send("/openapi.json")).json<{ paths: Record<string, object> }>();
    for (const path of Object.keys(paths)) expect(page).toContain(`<code>${path}</code>`);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe("health", () => {
  it("lives without anything, and is ready with the log and the memory", async () => {
    expect(await (await send("/health/live")).json()).toEqual({ status: "ok" });
    const ready = await send("/health/ready");
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: "ok",
      checks: { log: { ok: true }, memory: { ok: true } },
      model: { wanted: null, serving: null },
      degraded: ["model"],
    });
  });

  it("says what it cannot reach", async () => {
    const { createApp } = await import("../../src/http/app.ts");
    const broken = {
      ...env,
      DB: {
        prepare: () => {
          throw new Error("secret detail");
        },
      },
    };
    const response = await createApp().fetch(
      new Request(`${ORIGIN}/health/ready`),
      broken,
      createExecutionContext(),
    );
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      status: "unavailable",
      checks: { log: { ok: false }, memory: { ok: true } },
    });
    expect(text).not.toContain("secret detail");
  });
});
