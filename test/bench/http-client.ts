// A lean HTTP client over kept-alive connections: the load generator shares the machine with what it measures.
import { Agent, request } from "node:http";

export type Call = { method: "GET" | "POST"; path: string; body?: string };
export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
};
export type Client = { call(call: Call): Promise<Answer>; close(): void };

export function openClient(url: string, key: string, connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const authorization = `Bearer ${key}`;
  return {
    call({ method, path, body }) {
      return new Promise((resolve, reject) => {
        const headers = {
          authorization,
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        };
        const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          });
        });
        sent.on("error", reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
