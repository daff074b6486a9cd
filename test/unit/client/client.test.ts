// The command lines' client: patient with a Worker that is away, clear about one that refuses; and where keys come from.
import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect, expectStatus } from "../../../src/client/api.ts";
import { findSecretKey, parseDevVars } from "../../../src/client/keys.ts";
import { ensureDevVars } from "../../../src/client/dev-vars.ts";

let server: Server;
let url: string;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("connect", () => {
  it("tries again after 5xx and after a connection that breaks, and sends the same body", async () => {
    const bodies: string[] = [];
    answer = (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
      request.on("end", () => {
        bodies.push(body);
        if (bodies.length === 1) response.writeHead(503).end();
        else if (bodies.length === 2) response.destroy();
        else response.writeHead(202).end('{"accepted":1}');
      });
    };
    const reasons: string[] = [];
    const api = connect({
      url,
      key: "sk",
      waitMs: 5_000,
      onRetry: (reason) => reasons.push(reason),
    });
    const { status, body } = await api.send("POST", "/v1/events", '{"events":[]}');
    expect([status, body]).toEqual([202, { accepted: 1 }]);
    expect(bodies).toEqual(Array(3).fill('{"events":[]}'));
    expect(reasons).toHaveLength(2);
  });

  it("returns a refusal at once, with the Worker's sentence", async () => {
    let requests = 0;
    answer = (_, response) => {
      requests += 1;
      response.writeHead(401).end('{"error":{"message":"Send a valid key"}}');
    };
    const refused = await connect({ url, key: "?", waitMs: 5_000 }).send("GET", "/v1/stats");
    expect(requests).toBe(1);
    expect(() => expectStatus(refused, 200, "GET /v1/stats")).toThrow(
      /got 401: .*Send a valid key/,
    );
  });

  it("gives up when the wait is over: with the last answer, or with a sentence where there was none", async () => {
    answer = (_, response) => response.writeHead(500).end();
    const api = connect({ url, key: "sk", waitMs: 120 });
    expect((await api.send("GET", "/")).status).toBe(500);
    answer = (_, response) => response.destroy();
    await expect(api.send("GET", "/v1/stats")).rejects.toThrow(/GET \/v1\/stats: no answer from/);
  });

  it("leaves the Worker alone for as long as it asks", async () => {
    const times: number[] = [];
    answer = (_, response) => {
      times.push(performance.now());
      if (times.length > 1) response.writeHead(202).end("{}");
      else response.writeHead(429, { "retry-after": "1" }).end();
    };
    const api = connect({ url, key: "sk", waitMs: 10_000 });
    expect((await api.send("POST", "/v1/events", "{}")).status).toBe(202);
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(990);
  });

  it("stops waiting when it is told to", async () => {
    const stop = new AbortController();
    answer = (_, response) => response.writeHead(503).end();
    const onRetry = (): void => stop.abort();
    const api = connect({ url, key: "sk", waitMs: 60_000, onRetry, signal: stop.signal });
    await expect(api.send("GET", "/")).rejects.toThrow(/abort/i);
  });
});

describe("keys", () => {
  it("are made once and kept", () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-keys-"));
    const file = join(folder, ".dev.vars");
    try {
      writeFileSync(file, "SECRET_KEYS=sk_mine, sk_other\n");
      const first = ensureDevVars(file);
      expect(first.secret).toBe("sk_mine");
      expect(first.publishable).toMatch(/^pk_[0-9a-f]{48}$/);
      const written = readFileSync(file, "utf8");
      expect(parseDevVars(written).get("PSEUDONYM_KEY")).toMatch(/^[0-9a-f]{48}$/);
      expect(ensureDevVars(file)).toEqual(first);
      expect(readFileSync(file, "utf8")).toBe(written);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are read with quotes and comments around them", () => {
    const vars = parseDevVars("# keys\nA=\"one two\"\r\n  B = 'x=y'\nnonsense\nC=\n");
    expect([...vars]).toEqual([
      ["A", "one two"],
      ["B", "x=y"],
      ["C", ""],
    ]);
  });

  it("are never guessed for a Worker elsewhere", () => {
    expect(findSecretKey("https://shop.example", "sk_given")).toBe("sk_given");
    expect(() => findSecretKey("https://shop.example", undefined)).toThrow(/--key/);
  });
});
