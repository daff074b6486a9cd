// Asks a shop's server for its feed, and only for a newer one than is known. It knows nothing of what a feed holds.

/** What a server says of a version, to be asked about again. */
export type FeedVersion = { etag: string | null; modified: string | null };

export const NO_VERSION: FeedVersion = { etag: null, modified: null };

export type FetchedFeed =
  | { kind: "unchanged" }
  | {
      kind: "feed";
      version: FeedVersion;
      type: string;
      body: ReadableStream<Uint8Array<ArrayBuffer>>;
    }
  | { kind: "failed"; reason: string };

/** ms for all of it: longer than an invocation works, so that only a server that hangs is given up. */
const TIMEOUT = 30_000;

/** @param url http or https; a name and password in it are sent as they should be */
export async function fetchFeed(url: string, known: FeedVersion): Promise<FetchedFeed> {
  const address = readAddress(url);
  if (address === null) return { kind: "failed", reason: "it is no http or https address" };
  const headers = new Headers({ accept: "*/*", "user-agent": "millrace" });
  if (known.etag !== null) headers.set("if-none-match", known.etag);
  if (known.modified !== null) headers.set("if-modified-since", known.modified);
  if (address.login !== null) headers.set("authorization", `Basic ${btoa(address.login)}`);
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(address.url, { headers, signal });
    if (response.status === 304) return { kind: "unchanged" };
    if (!response.ok || response.body === null) {
      return { kind: "failed", reason: `its server answered with status ${response.status}` };
    }
    return {
      kind: "feed",
      version: {
        etag: response.headers.get("etag"),
        modified: response.headers.get("last-modified"),
      },
      type: response.headers.get("content-type") ?? "",
      body: response.body,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: "failed", reason: `its server cannot be reached (${reason})` };
  }
}

/** `fetch` takes no address with a password in it. */
function readAddress(text: string): { url: string; login: string | null } | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const login =
    url.username === ""
      ? null
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  return { url: url.href, login };
}
