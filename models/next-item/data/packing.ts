// Packs sessions into rows of fixed length, several to a row, so that hardly a slot is wasted.
import type { SessionSequence } from "./dataset.ts";
import { gapAt } from "./features.ts";

/** Rows of slots, all arrays [rows * length]; an empty slot has item, target and segment -1. */
export type PackedRows = {
  rows: number;
  length: number;
  item: Int32Array;
  /** The item that came next. */
  target: Int32Array;
  segment: Int32Array;
  /** Index in the session (or in the piece of a session longer than a row). */
  position: Int32Array;
  /** -1 where unknown, or hidden in a step. */
  type: Int8Array;
  gap: Int8Array;
};

/** Rows that are tried for the next piece; more would fill better and pack slower. */
const OPEN_ROWS = 64;

type Piece = { session: number; from: number; size: number; row: number; at: number };

/** First fit over the last `OPEN_ROWS` rows, in the order of the sessions. Those of one event teach nothing. */
export function packSessions(sessions: readonly SessionSequence[], length: number): PackedRows {
  const { pieces, rows } = packPieces(sessions, length);
  const packed = emptyRows(rows, length);
  for (const [segment, piece] of pieces.entries()) {
    const session = sessions[piece.session];
    if (session) fillPiece(packed, session, piece, segment);
  }
  return packed;
}

/** How many rows `packSessions` would fill. */
export function countRows(sessions: readonly SessionSequence[], length: number): number {
  return packPieces(sessions, length).rows;
}

function packPieces(
  sessions: readonly SessionSequence[],
  length: number,
): { pieces: Piece[]; rows: number } {
  const pieces: Piece[] = [];
  const fill: number[] = [];
  for (const [session, { items }] of sessions.entries()) {
    const inputs = items.length - 1;
    for (let from = 0; from < inputs; from += length) {
      const size = Math.min(length, inputs - from);
      let row = Math.max(0, fill.length - OPEN_ROWS);
      while (row < fill.length && (fill[row] ?? 0) + size > length) row++;
      const at = fill[row] ?? 0;
      pieces.push({ session, from, size, row, at });
      fill[row] = at + size;
    }
  }
  return { pieces, rows: fill.length };
}

function fillPiece(
  packed: PackedRows,
  session: SessionSequence,
  piece: Piece,
  segment: number,
): void {
  for (let i = 0; i < piece.size; i++) {
    const slot = piece.row * packed.length + piece.at + i;
    const event = piece.from + i;
    packed.item[slot] = session.items[event] ?? -1;
    packed.target[slot] = session.items[event + 1] ?? -1;
    packed.segment[slot] = segment;
    packed.position[slot] = i;
    packed.type[slot] = session.types?.[event] ?? -1;
    packed.gap[slot] = gapAt(session, event);
  }
}

/** A copy of some rows, in the order asked for; row -1 stands for an empty one. */
export function takeRows(packed: PackedRows, rows: Int32Array): PackedRows {
  const { length } = packed;
  const out = emptyRows(rows.length, length);
  for (const [i, row] of rows.entries()) {
    if (row < 0) continue;
    const [from, to, at] = [row * length, (row + 1) * length, i * length];
    out.item.set(packed.item.subarray(from, to), at);
    out.target.set(packed.target.subarray(from, to), at);
    out.segment.set(packed.segment.subarray(from, to), at);
    out.position.set(packed.position.subarray(from, to), at);
    out.type.set(packed.type.subarray(from, to), at);
    out.gap.set(packed.gap.subarray(from, to), at);
  }
  return out;
}

function emptyRows(rows: number, length: number): PackedRows {
  const slots = rows * length;
  return {
    rows,
    length,
    item: new Int32Array(slots).fill(-1),
    target: new Int32Array(slots).fill(-1),
    segment: new Int32Array(slots).fill(-1),
    position: new Int32Array(slots),
    type: new Int8Array(slots).fill(-1),
    gap: new Int8Array(slots).fill(-1),
  };
}
