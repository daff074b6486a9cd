// Holds every answer that a test receives against the OpenAPI document: its status, its type, its body to the last
// property, and the code of an error.
import { Validator, type Schema, type ValidationResult } from "@cfworker/json-schema";
import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { createApp } from "../../../src/http/app.ts";
import { DOCUMENT } from "../../../src/http/docs/document.ts";

type Media = { schema: Schema };
export type Operation = {
  /** `GET /v1/items/{item_id}` */
  name: string;
  security: Record<string, string[]>[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
};

type Document = {
  paths: Record<string, Record<string, Omit<Operation, "name">>>;
  components: { schemas: Record<string, Schema> };
};

function readDocument(): Document {
  const made = createApp().getOpenAPI31Document({ ...DOCUMENT, tags: [...DOCUMENT.tags] });
  return forbidUnknown(JSON.parse(JSON.stringify(made)));
}

/** A property that the document does not know is an error, wherever the document does not say otherwise. */
function forbidUnknown<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) forbidUnknown(each);
  if ("properties" in value && "type" in value && !("additionalProperties" in value)) {
    Object.assign(value, { additionalProperties: false });
  }
  return value;
}

const { paths, components } = readDocument();

export const COMPONENTS: Record<string, Schema> = components.schemas;

export const OPERATIONS: readonly Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) =>
    Object.assign(operation, { name: `${method.toUpperCase()} ${path}` }),
  ),
);

const PATTERNS = OPERATIONS.map((operation) => {
  const pattern = operation.name.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.");
  return { operation, pattern: new RegExp(`^${pattern}$`) };
});

const VALIDATORS = new Map<string, Validator>();

function findValidator(key: string, schema: Schema): Validator {
  const found = VALIDATORS.get(key) ?? new Validator({ ...schema, components }, "2020-12");
  VALIDATORS.set(key, found);
  return found;
}

/** What was answered so far: `GET /v1/items 401 unauthorized`. A success has no code. */
export const SEEN = new Set<string>();

/** Asks the Worker, and fails where the answer is not one that the document tells. */
export async function fetchChecked(request: Request): Promise<Response> {
  const asked = `${request.method} ${new URL(request.url).pathname}`;
  const response = await exports.default.fetch(request);
  await checkAnswer(asked, response);
  return response;
}

/** @param asked method and path of the request */
export async function checkAnswer(asked: string, response: Response): Promise<void> {
  const operation = PATTERNS.find(({ pattern }) => pattern.test(asked))?.operation;
  // No route: a preflight, or the answer to a path that is none.
  if (operation === undefined) return;
  const { status } = response;
  const told = operation.responses[status];
  // Not as text: of bytes and of lines workerd doubts that they are any.
  const body = new TextDecoder().decode(await response.clone().arrayBuffer());
  if (told === undefined) expect.fail(`${asked} answered ${status}: ${body}`);
  SEEN.add([operation.name, status, readCode(body)].filter((part) => part !== null).join(" "));
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  if (told.content === undefined) return expect(body).toBe("");
  expect(Object.keys(told.content), asked).toContain(type);
  const schema = told.content[type]?.schema;
  if (schema === undefined) return;
  for (const value of readValues(type, body)) {
    const result: ValidationResult = findValidator(`${operation.name} ${status}`, schema).validate(
      value,
    );
    if (result.valid) continue;
    const reasons = result.errors.map((each) => `${each.instanceLocation}: ${each.error}`);
    expect.fail(`${asked} answered ${status}, not as told.\n${reasons.join("\n")}\n${body}`);
  }
}

/** What a schema is about: one value, one a line, or nothing where the body is bytes. */
function readValues(type: string, body: string): unknown[] {
  if (type === "application/json") return [JSON.parse(body)];
  if (type !== "application/x-ndjson") return [];
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function readCode(body: string): string | null {
  if (!body.startsWith('{"error":{"code":')) return null;
  const envelope: { error: { code: string } } = JSON.parse(body);
  return envelope.error.code;
}

export function resolveSchema(schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (COMPONENTS[name] ?? {});
}
