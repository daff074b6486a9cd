// SHA-256 over rows of the log, so that what is in R2 can be held against what is in D1 without both in memory.
import type { EventRow } from "../clean/event.ts";
import { LOG_COLUMNS } from "./columns.ts";

export class RowDigest {
  readonly #stream = new crypto.DigestStream("SHA-256");
  readonly #writer = this.#stream.getWriter();
  readonly #encoder = new TextEncoder();
  rows = 0;

  /** Rows in order of `seq`. */
  async add(rows: readonly EventRow[]): Promise<void> {
    if (rows.length === 0) return;
    const lines = rows.map((row) => JSON.stringify(LOG_COLUMNS.map((name) => row[name])));
    this.rows += rows.length;
    await this.#writer.write(this.#encoder.encode(`${lines.join("\n")}\n`));
  }

  async finish(): Promise<string> {
    await this.#writer.close();
    return toHex(await this.#stream.digest);
  }
}

export async function hashBytes(bytes: BufferSource): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", bytes));
}

export function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
