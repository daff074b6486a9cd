// Calls a Worker's HTTP API as a patient client does: a Worker that is away for a moment is waited for.
import { setTimeout as pause } from "node:timers/promises";
import pRetry from "p-retry";

export type ApiOptions = {
  /** The Worker, e.g. http://127.0.0.1:8787. */
  url: string;
  key: string;
  /** How long one request may be retried, ms. */
  waitMs: number;
  /** How long one attempt may take, ms. */
  attemptMs?: number;
  /** Told before each new attempt. */
  onRetry?: (reason: string) => void;
  /** Aborted, no request begins any more; one that is under way is still answered. */
  signal?: AbortSignal;
};

export type ApiAnswer = {
  status: number;
  /** The parsed body, or its text where it is no JSON. */
  body: unknown;
  headers: Headers;
  /** Of the attempt that was answered, ms. */
  latency: number;
};

export type Api = {
  /** `type` is the body's media type. */
  send(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    type?: string,
  ): Promise<ApiAnswer>;
};

/** Longer is no answer: a bulk import of 10,000 items takes seconds, everything else much less. */
const ATTEMPT_TIMEOUT_MS = 20_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Of what a Worker may ask for. */
const LONGEST_WAIT_MS = 60_000;

/** The answer does not tell whether the request took effect, or says that another attempt may help. */
function isWorthRetrying(status: number): boolean {
  return status >= 500 || status === 429;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** How long the Worker asks to be left alone, in seconds or as a date; ms. */
function readRetryAfter(answer: ApiAnswer | null): number {
  const said = answer?.headers.get("retry-after") ?? "";
  const ms = /^\s*\d+\s*$/.test(said) ? 1000 * Number(said) : Date.parse(said) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), LONGEST_WAIT_MS);
}

/** An attempt after which another may help; `answer` where there was one. */
class FailedAttempt extends Error {
  readonly answer: ApiAnswer | null;

  constructor(reason: string, answer: ApiAnswer | null) {
    super(reason);
    this.answer = answer;
  }
}

/** Throws a `FailedAttempt`. */
async function attempt(request: Request): Promise<ApiAnswer> {
  const answer = await fetchAnswer(request).catch((error: unknown) => {
    throw new FailedAttempt(causeOf(error), null);
  });
  if (!isWorthRetrying(answer.status)) return answer;
  throw new FailedAttempt(`status ${answer.status}`, answer);
}

async function fetchAnswer(request: Request): Promise<ApiAnswer> {
  const start = performance.now();
  const response = await fetch(request);
  const body = parseBody(await response.text());
  const latency = performance.now() - start;
  return { status: response.status, body, headers: response.headers, latency };
}

/**
 * Every request of ours is idempotent (events by their id, items and files by theirs), so a retry is always right.
 * A 5xx that outlasts the wait is returned; a Worker that never answers is an Error with a sentence.
 */
export function connect({
  url,
  key,
  waitMs,
  attemptMs = ATTEMPT_TIMEOUT_MS,
  onRetry,
  signal,
}: ApiOptions): Api {
  const patience = {
    retries: Infinity,
    minTimeout: FIRST_PAUSE_MS,
    maxTimeout: LONGEST_PAUSE_MS,
    randomize: true,
    maxRetryTime: waitMs,
    signal,
    async shouldRetry({ error }: { error: Error }) {
      onRetry?.(error.message);
      if (error instanceof FailedAttempt)
        await pause(readRetryAfter(error.answer), undefined, { signal });
      return true;
    },
  };
  return {
    async send(method, path, body, type = "application/json") {
      const headers = {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": type }),
      };
      let answered: ApiAnswer | null = null;
      try {
        return await pRetry(async () => {
          const limit = AbortSignal.timeout(attemptMs);
          const request = new Request(new URL(path, url), { method, headers, body, signal: limit });
          answered = await attempt(request);
          return answered;
        }, patience);
      } catch (error) {
        // Told to stop while the answer was on its way.
        if (answered !== null) return answered;
        if (!(error instanceof FailedAttempt)) throw error;
        if (error.answer !== null) return error.answer;
        throw new Error(`${method} ${path}: no answer from ${url} (${error.message}).`, {
          cause: error,
        });
      }
    },
  };
}

/** Throws unless the status is the wanted one; the message carries the Worker's own sentence. */
export function expectStatus(answer: ApiAnswer, wanted: number, what: string): unknown {
  if (answer.status === wanted) return answer.body;
  const told = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  throw new Error(
    `${what}: expected status ${wanted}, got ${answer.status}: ${told.slice(0, 500)}`,
  );
}
