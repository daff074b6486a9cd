// Where a replay or an import stands, kept beside the local Worker's state, so that one that was stopped goes on from there.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ROOT } from "../../client/keys.ts";

/** What an earlier version counted is counted otherwise now, and its files are not read. */
const VERSION = 2;

/** `position` events of the log have been acknowledged. */
export type Progress<Tally> = { position: number; tally: Tally };

export class ProgressFile<Tally extends object> {
  readonly path: string;

  /** One file for each log and Worker. Under .wrangler/state: who throws that away, throws this away too. */
  constructor(
    source: string,
    file: string,
    url: string,
    folder = join(ROOT, ".wrangler/state/replay"),
  ) {
    const key = createHash("sha256").update(
      `${VERSION}\n${source}\n${resolve(file)}\n${new URL(url).origin}`,
    );
    this.path = join(folder, `${key.digest("hex").slice(0, 16)}.json`);
  }

  read(): Progress<Tally> | null {
    return existsSync(this.path) ? JSON.parse(readFileSync(this.path, "utf8")) : null;
  }

  /** By renaming, so that a crash leaves either the old or the new one. */
  write(progress: Progress<object>): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, JSON.stringify(progress));
    renameSync(`${this.path}.new`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
