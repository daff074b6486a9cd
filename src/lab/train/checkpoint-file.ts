// The checkpoint of a run beside the model it will become. A crash while writing leaves the one before.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCheckpoint, encodeCheckpoint } from "../../../models/next-item/train/checkpoint.ts";
import type { Checkpoint } from "../../../models/next-item/train/checkpoint.ts";

/** What a crash may cost, ms. Writing some 50 MB takes a tenth of a second. */
const WRITE_EVERY_MS = 30_000;

export class CheckpointFile {
  readonly path: string;
  private readonly folder: string;
  private written = performance.now();

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, "checkpoint.bin");
  }

  /** Undefined where there is none. Throws where the file is no checkpoint. */
  read(): Checkpoint | undefined {
    return existsSync(this.path) ? decodeCheckpoint(readFileSync(this.path)) : undefined;
  }

  /** Writes if the last time is long ago. */
  maybeWrite(capture: () => Checkpoint): void {
    if (performance.now() - this.written >= WRITE_EVERY_MS) this.write(capture());
  }

  write(checkpoint: Checkpoint): void {
    mkdirSync(this.folder, { recursive: true });
    const draft = `${this.path}.new`;
    writeFileSync(draft, encodeCheckpoint(checkpoint));
    renameSync(draft, this.path);
    this.written = performance.now();
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
