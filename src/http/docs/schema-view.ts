// Reads JSON schemas of an OpenAPI document for the docs page: a table of fields, and an example value.
import * as z from "zod";

const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  example: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
});

export type Schema = z.infer<typeof Schema>;

/** `components.schemas`, by name. */
export type Schemas = ReadonlyMap<string, Schema>;

export type Field = {
  name: string;
  depth: number;
  type: string;
  required: boolean;
  description: string;
};

/** Deeper than any of our schemas; stops one that holds itself. */
const MAX_DEPTH = 6;

export function readSchemas(schemas: unknown): Schemas {
  return new Map(Object.entries(z.record(z.string(), Schema).catch({}).parse(schemas)));
}

export function readSchema(schema: unknown): Schema {
  return Schema.parse(schema);
}

/** Every field, parents before children, as a table shows them. */
export function listFields(schema: Schema, schemas: Schemas, depth = 0): Field[] {
  const { properties, required, items, anyOf } = resolve(schema, schemas);
  if (depth > MAX_DEPTH) return [];
  if (anyOf !== undefined) return anyOf.flatMap((option) => listFields(option, schemas, depth));
  if (items !== undefined) return listFields(items, schemas, depth);
  const fields: Field[] = [];
  for (const [name, field] of Object.entries(properties ?? {})) {
    const description = field.description ?? resolve(field, schemas).description ?? "";
    fields.push({
      name,
      depth,
      type: nameType(field),
      required: required?.includes(name) === true,
      description,
    });
    fields.push(...listFields(field, schemas, depth + 1));
  }
  return fields;
}

/** The type in few words: `string`, `integer | null`, `Event[]`, `"user" | "anonymous"`. */
function nameType(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "object";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(nameType).join(" | ");
  const types = [schema.type ?? "any"].flat();
  return types
    .map((type) =>
      type === "array" && schema.items !== undefined ? `${nameType(schema.items)}[]` : type,
    )
    .join(" | ");
}

/** A value that the schema could take, to start from. Fields that may be left out are left out. */
export function makeExample(schema: Schema, schemas: Schemas, depth = 0): unknown {
  const known = resolve(schema, schemas);
  const given =
    known.example ?? known.examples?.[0] ?? known.default ?? known.const ?? known.enum?.[0];
  if (given !== undefined || depth > MAX_DEPTH) return given;
  if (known.anyOf?.[0] !== undefined) return makeExample(known.anyOf[0], schemas, depth + 1);
  switch ([known.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(known.properties ?? {})
          .filter(([name]) => known.required?.includes(name))
          .map(([name, field]) => [name, makeExample(field, schemas, depth + 1)]),
      );
    case "array":
      return known.items === undefined ? [] : [makeExample(known.items, schemas, depth + 1)];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return "text";
  }
}

function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (schemas.get(name) ?? schema);
}
