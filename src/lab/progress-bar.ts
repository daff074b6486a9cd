// The progress bar of a long run: how far, how fast, how long still. On stderr, so that stdout stays for results.
import cliProgress from "cli-progress";

export type Bar = {
  update(done: number, note?: string): void;
  stop(): void;
};

/** Without a terminal (a log file, CI) a line now and then will do, ms. */
const PLAIN_INTERVAL_MS = 10_000;
const TERMINAL_INTERVAL_MS = 200;

/** `done` of `total` may begin above 0 where a run goes on; the rate counts only what this run did. */
export function startBar(label: string, total: number, start = 0): Bar {
  const began = performance.now();
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage}% | {value}/{total} | {rate}/s | ETA {eta_formatted}{note}`,
    stream: process.stderr,
    etaBuffer: 200,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: PLAIN_INTERVAL_MS,
  });
  let done = start;
  const rate = (): number => Math.round((1000 * (done - start)) / (performance.now() - began + 1));
  bar.start(total, start, { rate: 0, note: "" });
  return {
    update(value, note = "") {
      done = value;
      bar.update(value, { rate: rate(), note: note === "" ? "" : ` | ${note}` });
    },
    stop: () => bar.stop(),
  };
}

export type Count = {
  update(done: number): void;
  stop(): void;
};

/** Of work whose end is not known: how much so far, and how fast. */
export function startCount(label: string): Count {
  const began = performance.now();
  const isTerminal = process.stderr.isTTY;
  let [done, toldAt] = [0, began];
  const tell = (end: string): void => {
    const rate = Math.round((1000 * done) / (performance.now() - began + 1));
    process.stderr.write(`${isTerminal ? "\r" : ""}${label}: ${done}, ${rate}/s${end}`);
  };
  return {
    update(value) {
      done = value;
      const now = performance.now();
      if (now - toldAt < (isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
      toldAt = now;
      tell(isTerminal ? "" : "\n");
    },
    stop: () => tell("\n"),
  };
}
