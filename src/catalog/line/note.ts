// What of a catalogue's lines was not taken as it is, told by field: a feed makes the same mistake on every line.

export const NOTE_CODES = ["unknown_field", "left_out", "cut", "unsupported_currency"] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** Something of one line. */
export type ItemNote = { field: string; code: NoteCode };

/** The same of a whole import. */
export type FieldNote = ItemNote & {
  lines: number;
  /** Number of the first such line. */
  first_line: number;
};

/** Fields told in one report; a file with more of them is something else than a catalogue. */
const MAX_FIELDS = 100;
/** Characters of a field's name that is told. */
const MAX_NAME = 100;

export class FieldNotes {
  readonly #notes = new Map<string, FieldNote>();

  add(line: number, notes: readonly ItemNote[]): void {
    for (const { field, code } of notes) {
      const key = `${code} ${field}`;
      const known = this.#notes.get(key);
      if (known !== undefined) known.lines += 1;
      else if (this.#notes.size < MAX_FIELDS) {
        const name = field.slice(0, MAX_NAME).toWellFormed();
        this.#notes.set(key, { field: name, code, lines: 1, first_line: line });
      }
    }
  }

  list(): FieldNote[] {
    return [...this.#notes.values()];
  }
}
