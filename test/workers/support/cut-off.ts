// The Worker's storage up to a cut: so many calls take effect, then the invocation is dead and none does any more.
import { env } from "cloudflare:workers";

export type CutStorage = {
  DB: D1Database;
  BUCKET: R2Bucket;
  /** Calls so far, those behind the cut included. */
  calls: () => number;
};

const R2_CALLS = new Set(["get", "put", "delete", "list", "head"]);
const STATEMENT_CALLS = new Set(["run", "all", "raw", "first"]);

/** @param lives calls that take effect */
export function cutOffAfter(lives: number): CutStorage {
  let calls = 0;
  const real = new WeakMap<object, D1PreparedStatement>();
  const count = async (work: () => unknown): Promise<unknown> => {
    if (calls++ >= lives) throw new Error("this invocation was cut off");
    return await work();
  };

  function watch<T extends object>(target: T, replace: (name: string) => unknown): T {
    return new Proxy(target, {
      get(from, property) {
        const instead = replace(String(property));
        if (instead !== undefined) return instead;
        const value: unknown = Reflect.get(from, property);
        return typeof value === "function" ? value.bind(from) : value;
      },
    });
  }

  function watchStatement(statement: D1PreparedStatement): D1PreparedStatement {
    const watched = watch(statement, (name) => {
      if (name === "bind")
        return (...values: unknown[]) => watchStatement(statement.bind(...values));
      if (!STATEMENT_CALLS.has(name)) return undefined;
      return (...given: unknown[]) =>
        count(() => Reflect.apply(Reflect.get(statement, name), statement, given));
    });
    real.set(watched, statement);
    return watched;
  }

  const DB = watch(env.DB, (name) => {
    if (name === "prepare") return (query: string) => watchStatement(env.DB.prepare(query));
    if (name !== "batch") return undefined;
    return (statements: D1PreparedStatement[]) =>
      count(() => env.DB.batch(statements.map((one) => real.get(one) ?? one)));
  });
  const BUCKET = watch(env.BUCKET, (name) => {
    if (!R2_CALLS.has(name)) return undefined;
    return (...given: unknown[]) =>
      count(() => Reflect.apply(Reflect.get(env.BUCKET, name), env.BUCKET, given));
  });
  return { DB, BUCKET, calls: () => calls };
}
