// Requests as somebody makes them who has not read the document.
import { fetchChecked } from "./document.ts";

const ORIGIN = "https://shop.example";

/** Ask of every route, whoever it is for: [credential, content type, body]. */
export const CARELESS: readonly (readonly [string | null, string, BodyInit | null])[] = [
  [null, "application/json", null],
  ["sk_unknown", "application/json", "{}"],
  ["pk_test", "application/json", "{}"],
  ["sk_test", "application/json", null],
  ["sk_test", "application/json", "{"],
  ["sk_test", "application/json", "5"],
  ["sk_test", "application/json", '{"variant": "other"}'],
  ["sk_test", "text/plain", "{}"],
  ["sk_test", "application/json", " ".repeat(1_100_000)],
];

/** What stands in an address: nothing that there is, nothing that could be, and what could be but is not there. */
const ADDRESSES: readonly ((name: string, method: string) => string)[] = [
  () => "no-such-thing",
  () => "x".repeat(300),
  // What a PUT stores, a GET must not find.
  (name, method) => WELL_FORMED[name] ?? `absent-${method}`,
];
const WELL_FORMED: Record<string, string> = {
  surface: "home",
  task: "next-item",
  file: "model.onnx",
  dt: "2020-01-01",
  part: "part-1-2.parquet",
};

export async function sendTo(
  operation: string,
  [key, type, body]: (typeof CARELESS)[number],
  query = "",
  more: Record<string, string> = {},
): Promise<void> {
  const [method = "", path = ""] = operation.split(" ");
  const headers = new Headers({ "content-type": type, ...more });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  const init = { method, headers, ...(method === "GET" ? {} : { body }) };
  for (const fill of ADDRESSES) {
    const url = ORIGIN + path.replaceAll(/\{(\w+)\}/g, (_, name) => fill(name, method)) + query;
    await fetchChecked(new Request(url, init));
  }
}
