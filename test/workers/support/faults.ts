// The real bindings, but for calls that the test wants to fail or never to be answered.
export type Fault = "none" | "fails" | "hangs";

/** What each binding does with the next call. */
export type Faults = { DB: Fault; BUCKET: Fault; SHOPPER: Fault; LOG_QUEUE: Fault };

/** Real calls that have not been answered yet. */
export type Pending = { calls: number };

export const NO_FAULTS: Faults = { DB: "none", BUCKET: "none", SHOPPER: "none", LOG_QUEUE: "none" };

/** An environment of its own, so that the Worker holds a new isolate's memory for it. `faults` may change at any time. */
export function injectFaults(env: Env, faults: Faults, pending: Pending = { calls: 0 }): Env {
  const intercept = makeIntercept(pending);
  const statement = (real: D1PreparedStatement): D1PreparedStatement =>
    intercept(real, (name) => {
      if (name === "bind") return () => statement(real);
      return meet(faults.DB, name, ["all", "raw", "run", "first"]);
    });
  const DB = intercept(env.DB, (name) => {
    if (faults.DB === "none") return null;
    if (name === "prepare") return (query: string) => statement(env.DB.prepare(query));
    return meet(faults.DB, name, ["batch"]);
  });
  const BUCKET = intercept(env.BUCKET, (name) =>
    meet(faults.BUCKET, name, ["get", "head", "list"]),
  );
  const LOG_QUEUE = intercept(env.LOG_QUEUE, (name) => meet(faults.LOG_QUEUE, name, ["send"]));
  const SHOPPER = intercept(env.SHOPPER, (name) => {
    if (name !== "getByName") return null;
    return (shopper: string) =>
      intercept(env.SHOPPER.getByName(shopper), (call) => meet(faults.SHOPPER, call, ["snapshot"]));
  });
  return { ...env, DB, BUCKET, LOG_QUEUE, SHOPPER };
}

type Call = (...given: never[]) => unknown;

function meet(fault: Fault, name: string | symbol, calls: readonly string[]): Call | null {
  if (fault === "none" || !calls.some((call) => call === name)) return null;
  if (fault === "hangs") return () => new Promise(() => undefined);
  return () => Promise.reject(new Error(`${String(name)} failed: the network is away`));
}

/** `other`: what stands in for a property, or null for the real one, whose unanswered calls are counted. */
function makeIntercept(pending: Pending) {
  return function intercept<T extends object>(
    real: T,
    other: (name: string | symbol) => Call | null,
  ): T {
    return new Proxy(real, {
      get(target, name) {
        const instead = other(name);
        if (instead !== null) return instead;
        const value: unknown = Reflect.get(target, name);
        // A method of a stub has no `bind` of its own: everything on it is a call of the object.
        if (typeof value !== "function") return value;
        return (...given: unknown[]): unknown =>
          count(pending, Reflect.apply(value, target, given));
      },
    });
  };
}

function count(pending: Pending, answer: unknown): unknown {
  if (!(answer instanceof Promise)) return answer;
  pending.calls++;
  const settle = () => void pending.calls--;
  answer.then(settle, settle);
  return answer;
}
