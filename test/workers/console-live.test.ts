// What a browser with the console open hears: what the log has taken, under pseudonyms, and nobody but who is signed in.
import { env, exports } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { openWatch } from "../../durable/stubs.ts";
import { request, sendEvents } from "./support/api.ts";
import { makeEvent, openShop } from "./support/shop.ts";

const ORIGIN = "https://shop.example";

beforeAll(() => openShop());

async function openSocket(headers: Record<string, string>): Promise<Response> {
  const all = { upgrade: "websocket", ...headers };
  return await exports.default.fetch(new Request(`${ORIGIN}/console/live`, { headers: all }));
}

async function signIn(key: string): Promise<string> {
  const response = await request("POST", "/console/session", { body: { key } });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

type Heard = { events: number; refused: number; latest: { name: string }[]; refusals: object[] };

async function listen(
  headers: Record<string, string>,
): Promise<{ heard: string[]; socket: WebSocket }> {
  const { webSocket: socket } = await openSocket(headers);
  if (socket === null) throw new Error("There is no socket.");
  const heard: string[] = [];
  socket.accept();
  socket.addEventListener("message", ({ data }) => heard.push(String(data)));
  return { heard, socket };
}

const readNews = (heard: readonly string[]): Heard[] =>
  heard.filter((text) => text !== "pong").map((text) => JSON.parse(text));

it("opens for a session on its own page and for a secret key, and for nobody else", async () => {
  const cookie = await signIn("vk_test");
  const statuses = async (headers: Record<string, string>) => (await openSocket(headers)).status;
  expect(await statuses({ cookie, origin: "https://evil.example" })).toBe(403);
  expect(await statuses({ authorization: "Bearer pk_test" })).toBe(403);
  expect(await statuses({})).toBe(401);
  expect(await statuses({ authorization: "Bearer sk_test" })).toBe(101);
  expect(await statuses({ cookie, origin: ORIGIN })).toBe(101);
});

it("tells every browser what the log has taken and what was refused, without an id of anybody", async () => {
  const cookie = await signIn("vk_test");
  const [one, two] = await Promise.all([
    listen({ cookie, origin: ORIGIN }),
    listen({ cookie, origin: ORIGIN }),
  ]);
  one.socket.send("ping");
  await vi.waitFor(() => expect(one.heard).toContain("pong"));
  // Until the log has asked anew whether somebody watches, nobody is told: shoppers go on meanwhile.
  await vi.waitFor(
    async () => {
      await sendEvents([
        makeEvent("view_item", "anna@example.org", ["boots"]),
        makeEvent("dance", "anna@example.org", []),
      ]).catch(() => null);
      const all = readNews(one.heard);
      expect(all.some(({ latest }) => latest.some(({ name }) => name === "view_item"))).toBe(true);
      expect(all.some(({ refused }) => refused > 0)).toBe(true);
    },
    { timeout: 20_000, interval: 250 },
  );
  expect(one.heard.join()).not.toContain("anna");
  await vi.waitFor(() => expect(readNews(two.heard)).toEqual(readNews(one.heard)));
  one.socket.close(1000);
  two.socket.close(1000);
});

it("ends with its session", async () => {
  const headers = { upgrade: "websocket", "x-session-ends": "1" };
  const { webSocket: socket } = await openWatch(env.WATCH).fetch(new Request(ORIGIN, { headers }));
  const closed = new Promise<number>((resolve) => {
    socket?.accept();
    socket?.addEventListener("close", ({ code }) => resolve(code));
  });
  await openWatch(env.WATCH).tell("{}");
  expect(await closed).toBe(4401);
});
