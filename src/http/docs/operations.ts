// Draws the operations of an OpenAPI document out of its paths, in the order in which the page shows them.
import * as z from "zod";

const Content = z.record(
  z.string(),
  z.looseObject({ schema: z.unknown(), example: z.unknown().optional() }),
);

const Operation = z.looseObject({
  tags: z.array(z.string()).default(["other"]),
  summary: z.string().default(""),
  description: z.string().default(""),
  security: z.array(z.record(z.string(), z.unknown())).default([]),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().default(""),
        schema: z.looseObject({ description: z.string().optional() }),
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string(), content: Content.optional() }),
  ),
});

export type Operation = z.infer<typeof Operation> & { method: string; path: string; id: string };

const METHODS = ["get", "post", "put", "delete"] as const;

export function listOperations(paths: unknown): Operation[] {
  const Paths = z.record(z.string(), z.partialRecord(z.enum(METHODS), Operation));
  return Object.entries(Paths.parse(paths)).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      const id = `${method}${path.replaceAll(/\W+/g, "-")}`;
      return operation === undefined ? [] : [Object.assign(operation, { method, path, id })];
    }),
  );
}

/** Operations by their first tag, tags in the given order, unknown ones last. */
export function groupByTag(
  operations: readonly Operation[],
  tags: readonly string[],
): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>(tags.map((tag) => [tag, []]));
  for (const operation of operations) {
    const tag = operation.tags[0] ?? "other";
    const group = groups.get(tag) ?? [];
    group.push(operation);
    groups.set(tag, group);
  }
  for (const [tag, group] of groups) if (group.length === 0) groups.delete(tag);
  return groups;
}
