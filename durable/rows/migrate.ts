// Runs an object's migrations: each one whole or not at all, in order, never twice, never changed afterwards.

/** SQL as drizzle-kit writes it, with its breakpoints. */
export type Migration = { tag: string; sql: string };

type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

const STATEMENT_BREAK = "--> statement-breakpoint";

/** True for an object that has never stored anything. Looking does not create anything either. */
export function isBlank({ sql }: Storage): boolean {
  const query = "SELECT count(*) AS tables FROM sqlite_master WHERE name = 'migrations'";
  return sql.exec<{ tables: number }>(query).one().tables === 0;
}

/**
 * Applies what has not been applied. Each migration is a transaction of its own, so a run cut off half-way goes on
 * where it stopped.
 *
 * @throws where a migration fails (with SQLite's own message), or where the history is not the beginning of `migrations`
 */
export function migrate(storage: Storage, migrations: readonly Migration[]): void {
  storage.sql.exec(
    "CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, tag TEXT NOT NULL, fingerprint TEXT NOT NULL)",
  );
  const applied = storage.sql
    .exec<{ tag: string; fingerprint: string }>(
      "SELECT tag, fingerprint FROM migrations ORDER BY position",
    )
    .toArray();
  for (const [position, { tag, fingerprint }] of applied.entries()) {
    const known = migrations[position];
    if (known === undefined) throw new Error(`Migration ${tag} was applied, but is not known here`);
    if (known.tag !== tag || fingerprintOf(known) !== fingerprint) {
      throw new Error(`Migration ${tag} was applied with another text than ${known.tag} has now`);
    }
  }
  for (let position = applied.length; position < migrations.length; position++) {
    const migration = migrations[position];
    if (migration !== undefined) apply(storage, migration, position);
  }
}

function apply(storage: Storage, migration: Migration, position: number): void {
  storage.transactionSync(() => {
    for (const statement of migration.sql.split(STATEMENT_BREAK)) storage.sql.exec(statement);
    storage.sql.exec(
      "INSERT INTO migrations (position, tag, fingerprint) VALUES (?, ?, ?)",
      position,
      migration.tag,
      fingerprintOf(migration),
    );
  });
}

const FINGERPRINTS = new WeakMap<Migration, string>();

/** FNV-1a, 32 bits: against a slip of the hand, not against an enemy; and synchronous, unlike WebCrypto. */
function fingerprintOf(migration: Migration): string {
  const known = FINGERPRINTS.get(migration);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (let i = 0; i < migration.sql.length; i++) {
    hash = Math.imul(hash ^ migration.sql.charCodeAt(i), 0x01000193);
  }
  const fingerprint = `${migration.sql.length}:${(hash >>> 0).toString(16)}`;
  FINGERPRINTS.set(migration, fingerprint);
  return fingerprint;
}
