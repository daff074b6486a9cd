// Signing in to the console: by a key, by a link that opens it once; and what ends a session.
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { checkAnswer } from "./support/document.ts";
import { request } from "./support/api.ts";

const ORIGIN = "https://shop.example";
const HOUR = 3_600_000;
const app = createApp();

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

type Ask = { headers?: Record<string, string>; body?: object; origin?: string };

async function ask(
  method: string,
  path: string,
  { headers = {}, body, origin = ORIGIN }: Ask = {},
  bindings: object = env,
): Promise<Response> {
  const context = createExecutionContext();
  const made = new Request(origin + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const response = await app.fetch(made, bindings, context);
  await waitOnExecutionContext(context);
  await checkAnswer(`${method} ${path}`, response);
  return response;
}

const readCookie = (response: Response) =>
  (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

async function signIn(body: object, bindings: object = env): Promise<string | null> {
  const response = await ask("POST", "/console/session", { body }, bindings);
  return response.status === 200 ? readCookie(response) : null;
}

async function roleOf(cookie: string, bindings: object = env): Promise<string | null> {
  const response = await ask("GET", "/console/session", { headers: { cookie } }, bindings);
  return response.status === 200 ? (await response.json<{ role: string }>()).role : null;
}

async function makeLink(role: string): Promise<string> {
  const response = await request("POST", "/console/links", { body: { role } });
  const { path } = await response.json<{ path: string }>();
  return path.replace("/console#link=", "");
}

describe("a session", () => {
  it("is opened by a key in force, and is worth as much as it", async () => {
    expect(await roleOf((await signIn({ key: "sk_test" })) ?? "")).toBe("editor");
    expect(await roleOf((await signIn({ key: "vk_test" })) ?? "")).toBe("viewer");
    for (const key of ["pk_test", "sk_tes", "sk_test,", "vk_test,sk_test", " "])
      expect(await signIn({ key }), key).toBeNull();
  });

  it("is a cookie that no script reads, that no other site sends and that needs TLS", async () => {
    const secure = await ask("POST", "/console/session", { body: { key: "sk_test" } });
    const told = secure.headers.get("set-cookie") ?? "";
    for (const word of [
      "__Host-",
      "HttpOnly",
      "SameSite=Strict",
      "Secure",
      "Path=/",
      "Max-Age=43200",
    ])
      expect(told).toContain(word);
    expect(told).not.toContain("sk_test");
    const origin = "http://127.0.0.1:8787";
    const plain = await ask("POST", "/console/session", { body: { key: "sk_test" }, origin });
    expect(plain.headers.get("set-cookie")).not.toContain("Secure");
    const cookie = readCookie(plain);
    const again = await ask("GET", "/console/session", { headers: { cookie }, origin });
    expect(again.status).toBe(200);
  });

  it("cannot be made up, bettered or prolonged", async () => {
    const cookie = (await signIn({ key: "vk_test" })) ?? "";
    const [name = "", value = ""] = cookie.split("=");
    const text = decodeURIComponent(value);
    const changed = [
      text.replace("viewer", "editor"),
      text.replace(/\d{10}/, (s) => String(Number(s) + 3600)),
      text.slice(0, -2),
      text.split(".").slice(0, 3).join("."),
      "",
    ];
    for (const each of changed)
      expect(await roleOf(`${name}=${encodeURIComponent(each)}`), each).toBeNull();
    const elsewhere = { ...env, PSEUDONYM_KEY: "another" };
    expect(await roleOf(cookie, elsewhere)).toBeNull();
  });

  it("ends with its key", async () => {
    const cookie = (await signIn({ key: "sk_test" })) ?? "";
    expect(await roleOf(cookie, { ...env, SECRET_KEYS: "sk_new,sk_test" })).toBe("editor");
    expect(await roleOf(cookie, { ...env, SECRET_KEYS: "sk_new" })).toBeNull();
    const lowered = { ...env, SECRET_KEYS: "sk_new", VIEWER_KEYS: "sk_test" };
    expect(await roleOf(cookie, lowered)).toBe("viewer");
  });

  it("ends after half a day, or when one signs out", async () => {
    const cookie = (await signIn({ key: "sk_test" })) ?? "";
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(Date.now() + 12 * HOUR - 60_000);
      expect(await roleOf(cookie)).toBe("editor");
      vi.setSystemTime(Date.now() + 120_000);
      expect(await roleOf(cookie)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
    const out = await ask("DELETE", "/console/session", { headers: { cookie, origin: ORIGIN } });
    expect(out.headers.get("set-cookie")).toMatch(/^__Host-millrace-console=;.*Max-Age=0/);
    const elsewhere = { cookie, origin: "https://evil.example" };
    const forced = await ask("DELETE", "/console/session", { headers: elsewhere });
    expect(forced.status).toBe(403);
    expect(forced.headers.get("set-cookie")).toBeNull();
  });
});

describe("a link", () => {
  it("opens the console once, however many try at the same moment", async () => {
    const link = await makeLink("editor");
    const tries = await Promise.all(Array.from({ length: 5 }, () => signIn({ link })));
    const [cookie, ...more] = tries.filter((each) => each !== null);
    expect(more).toEqual([]);
    expect(await roleOf(cookie ?? "")).toBe("editor");
    expect(await signIn({ link })).toBeNull();
    expect(await signIn({ link: "guessed" })).toBeNull();
  });

  it("may give less than its key", async () => {
    expect(await roleOf((await signIn({ link: await makeLink("viewer") })) ?? "")).toBe("viewer");
  });

  it("is void once its key is, or after an hour", async () => {
    const rotated = { ...env, SECRET_KEYS: "sk_new" };
    expect(await signIn({ link: await makeLink("editor") }, rotated)).toBeNull();
    const link = await makeLink("editor");
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(Date.now() + HOUR + 1000);
      expect(await signIn({ link })).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("is kept as a hash, and made with a key alone", async () => {
    const link = await makeLink("editor");
    const { results } = await env.DB.prepare("select * from console_links").all();
    expect(JSON.stringify(results)).not.toContain(link);
    const cookie = (await signIn({ link })) ?? "";
    const own = { cookie, origin: ORIGIN, "x-millrace-console": "1" };
    expect((await ask("POST", "/console/links", { headers: own, body: {} })).status).toBe(403);
  });
});

it("lets nobody try many keys from one address", async () => {
  const statuses = new Set<number>();
  for (let i = 0; i < 45; i++) {
    const headers = { "cf-connecting-ip": "198.51.100.99" };
    const body = { key: `sk_${i}` };
    statuses.add((await ask("POST", "/console/session", { headers, body })).status);
  }
  expect(statuses).toEqual(new Set([401, 429]));
});
