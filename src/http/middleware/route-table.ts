// Which methods a path has, and which paths browsers of other sites may call: as the OpenAPI document says.
import type { SECURITY_SCHEMES } from "./access.ts";
import type { AppRouter } from "./router.ts";

/** What is held in a browser. A secret key never is, and what needs none is for whoever runs the Worker. */
const BROWSER_SCHEMES: ReadonlySet<string> = new Set<keyof typeof SECURITY_SCHEMES>([
  "publishableKey",
  "writeKey",
  "queryKey",
  "shopperToken",
]);

type Route = { pattern: RegExp; method: string; isForBrowsers: boolean };

export class RouteTable {
  readonly #routes: readonly Route[];

  constructor({ definitions }: Pick<AppRouter["openAPIRegistry"], "definitions">) {
    this.#routes = definitions.flatMap((definition) => {
      if (definition.type !== "route") return [];
      const { path, method, security = [] } = definition.route;
      const schemes = security.flatMap((each) => Object.keys(each));
      return [
        {
          pattern: toPattern(path),
          method: method.toUpperCase(),
          isForBrowsers: schemes.some((scheme) => BROWSER_SCHEMES.has(scheme)),
        },
      ];
    });
  }

  /** Sorted; empty for a path that is none. */
  listMethods(path: string): string[] {
    const own = this.#find(path).map(({ method }) => method);
    const all = new Set(own.includes("GET") ? [...own, "HEAD"] : own);
    if (all.size > 0 && this.isForBrowsers(path)) all.add("OPTIONS");
    return [...all].sort();
  }

  isForBrowsers(path: string): boolean {
    return this.#find(path).some((route) => route.isForBrowsers);
  }

  #find(path: string): Route[] {
    return this.#routes.filter(({ pattern }) => pattern.test(path));
  }
}

function toPattern(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
