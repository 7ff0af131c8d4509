import { TRANSCRIPTION_STATES } from "../../jobs/transcription.ts";

/** Columns of `batches` that count its items: one for each state, and those that were done before. */
export const COUNTERS = [...TRANSCRIPTION_STATES, "skipped"] as const;

/**
 * One text for each version of the schema, each leading from the one before it. Records are JSON documents; what is
 * searched for has a column of its own. Never change one that has been released: add the next.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE transcriptions (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    batch_id TEXT,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    due_at TEXT,
    done_key TEXT,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transcriptions_of_owner ON transcriptions (owner, created_at, id);
  CREATE INDEX transcriptions_of_owner_by_state ON transcriptions (owner, state, created_at, id);
  CREATE INDEX transcriptions_of_batch ON transcriptions (batch_id, created_at, id) WHERE batch_id IS NOT NULL;
  CREATE INDEX transcriptions_of_batch_by_state ON transcriptions (batch_id, state, created_at, id)
    WHERE batch_id IS NOT NULL;
  CREATE INDEX transcriptions_due ON transcriptions (due_at, id) WHERE due_at IS NOT NULL;
  CREATE INDEX transcriptions_done ON transcriptions (done_key) WHERE done_key IS NOT NULL;

  CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    record TEXT NOT NULL,
    audio_seconds REAL NOT NULL,
    awaiting_upload INTEGER NOT NULL,
    queued INTEGER NOT NULL,
    processing INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    canceled INTEGER NOT NULL,
    expired INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    skipped INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX batches_of_owner ON batches (owner, created_at, id);
  CREATE INDEX batches_by_state ON batches (state);

  CREATE TABLE batch_skips (
    batch_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (batch_id, item_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE idempotency (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (owner, key)
  ) STRICT;
  CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

  CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE owners (
    id TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    receipt TEXT
  ) STRICT;
  CREATE INDEX messages_by_visibility ON messages (queue, visible_at, sequence, sent_at);
  CREATE UNIQUE INDEX messages_by_id ON messages (id);

  CREATE TABLE health (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    checks INTEGER NOT NULL
  ) STRICT;
  INSERT INTO health VALUES (1, 0);
  `,
  `
  ALTER TABLE messages ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  CREATE INDEX messages_in_turn ON messages (queue, owner, visible_at, sequence, receipt);
  `,
  `
  CREATE TABLE usage (
    owner TEXT NOT NULL,
    day TEXT NOT NULL,
    key_id TEXT NOT NULL,
    completed INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    canceled INTEGER NOT NULL DEFAULT 0,
    audio_seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, day, key_id)
  ) STRICT, WITHOUT ROWID;
  `,
];
