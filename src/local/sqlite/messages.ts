import { randomUUID } from "node:crypto";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Message, QueueDepth } from "../../jobs/ports/index.ts";
import { read, statement, write } from "./access.ts";

/** Messages of one transaction: other writers get their turn in between. */
const SENT_AT_ONCE = 500;

export interface Reception {
  queue: string;
  now: number;
  most: number;
  visibleAt: number;
  /** In flight at once; null: any number. */
  mostOfOwner: number | null;
  maxReceives: number;
  /** The queue that takes what has been received too often; null: it goes on being received. */
  deadLetters: string | null;
}

export interface Received {
  messages: Message[];
  /** Moved to the dead letters. */
  moved: number;
}

/** Times are milliseconds since 1970. */
export function sendMessages(
  db: DatabaseSync,
  queue: string,
  bodies: readonly string[],
  { now, visibleAt, owner }: { now: number; visibleAt: number; owner: string },
): void {
  const sql = "INSERT INTO messages (id, queue, body, sent_at, visible_at, owner) VALUES (?, ?, ?, ?, ?, ?)";
  for (let from = 0; from < bodies.length; from += SENT_AT_ONCE) {
    write(db, () => {
      const insert = statement(db, sql);
      for (const body of bodies.slice(from, from + SENT_AT_ONCE))
        insert.run(randomUUID(), queue, body, now, visibleAt, owner);
    });
  }
}

/**
 * Take messages that are visible: each time one of the owner who has the fewest in flight, and of those the one that has
 * been visible longest. So do the fair queues of SQS, about.
 */
export function receiveMessages(db: DatabaseSync, reception: Reception): Received {
  // Looking costs others nothing; taking keeps them from writing.
  const next = nextVisibleAt(db, reception.queue);
  if (next === null || next > reception.now) return { messages: [], moved: 0 };
  return write(db, () => {
    const received: Received = { messages: [], moved: 0 };
    while (received.messages.length < reception.most) {
      const row = nextInTurn(db, reception);
      if (!row) break;
      if (reception.deadLetters !== null && Number(row.receive_count) >= reception.maxReceives) {
        moveMessage(db, row, reception.deadLetters, reception.now);
        received.moved++;
      } else received.messages.push(takeMessage(db, row, reception.visibleAt));
    }
    return received;
  });
}

/** Owners are found by leaping through the index: a queue of millions has few of them. */
const IN_TURN = `
  WITH RECURSIVE owners (owner) AS (
    SELECT min(owner) FROM messages WHERE queue = ?1
    UNION ALL
    SELECT (SELECT min(owner) FROM messages WHERE queue = ?1 AND owner > owners.owner)
    FROM owners WHERE owners.owner IS NOT NULL
  ), first (sequence, in_flight) AS (
    SELECT
      (SELECT sequence FROM messages AS m WHERE m.queue = ?1 AND m.owner = owners.owner AND m.visible_at <= ?2
        ORDER BY m.visible_at, m.sequence LIMIT 1),
      (SELECT count(*) FROM messages AS m WHERE m.queue = ?1 AND m.owner = owners.owner AND m.visible_at > ?2
        AND m.receipt IS NOT NULL)
    FROM owners WHERE owners.owner IS NOT NULL
  )
  SELECT m.sequence, m.id, m.body, m.sent_at, m.receive_count
  FROM first JOIN messages AS m ON m.sequence = first.sequence
  WHERE first.in_flight < ?3
  ORDER BY first.in_flight, m.visible_at, m.sequence LIMIT 1`;

function nextInTurn(
  db: DatabaseSync,
  { queue, now, mostOfOwner }: Reception,
): Record<string, SQLOutputValue> | undefined {
  return statement(db, IN_TURN).get(queue, now, mostOfOwner ?? Number.MAX_SAFE_INTEGER);
}

function takeMessage(db: DatabaseSync, row: Record<string, SQLOutputValue>, visibleAt: number): Message {
  const receipt = randomUUID();
  const receiveCount = Number(row.receive_count) + 1;
  const sql = "UPDATE messages SET receipt = ?, receive_count = ?, visible_at = ? WHERE sequence = ?";
  statement(db, sql).run(receipt, receiveCount, visibleAt, row.sequence as number);
  const sentAt = new Date(Number(row.sent_at)).toISOString();
  return { id: String(row.id), body: String(row.body), receipt, receiveCount, sentAt };
}

/** Its receipts are void, and it is counted anew. */
function moveMessage(
  db: DatabaseSync,
  row: Record<string, SQLOutputValue>,
  queue: string,
  now: number,
): void {
  const sql =
    "UPDATE messages SET queue = ?, receipt = NULL, receive_count = 0, visible_at = ? WHERE sequence = ?";
  statement(db, sql).run(queue, now, row.sequence as number);
}

/** False where its visibility timeout has ended, or somebody else has received it since. */
export function extendMessage(
  db: DatabaseSync,
  { id, receipt }: Message,
  { now, visibleAt }: { now: number; visibleAt: number },
): boolean {
  const sql = "UPDATE messages SET visible_at = ? WHERE id = ? AND receipt = ? AND visible_at > ?";
  return write(db, () => statement(db, sql).run(visibleAt, id, receipt, now).changes === 1);
}

/** The receipt is void from now on. */
export function releaseMessage(db: DatabaseSync, { id, receipt }: Message, visibleAt: number): void {
  const sql = "UPDATE messages SET visible_at = ?, receipt = NULL WHERE id = ? AND receipt = ?";
  write(db, () => statement(db, sql).run(visibleAt, id, receipt));
}

/** After the end of its visibility timeout too, as long as nobody else has received it. */
export function deleteMessage(db: DatabaseSync, { id, receipt }: Message): void {
  write(db, () => statement(db, "DELETE FROM messages WHERE id = ? AND receipt = ?").run(id, receipt));
}

/** When the next message is or becomes visible; null where there is none. */
export function nextVisibleAt(db: DatabaseSync, queue: string): number | null {
  const sql = "SELECT min(visible_at) AS next FROM messages WHERE queue = ?";
  const next = read(() => statement(db, sql).get(queue))?.next ?? null;
  return next === null ? null : Number(next);
}

/** Visible messages can be millions: they are counted in the index alone. */
export function queueDepth(db: DatabaseSync, queue: string, now: number): QueueDepth {
  const visible = `SELECT count(*) AS count, min(sent_at) AS oldest FROM messages
    WHERE queue = ? AND visible_at <= ?`;
  const hidden = `SELECT count(*) AS count, count(receipt) AS in_flight FROM messages
    WHERE queue = ? AND visible_at > ?`;
  return read(() => {
    const waiting = statement(db, visible).get(queue, now);
    const others = statement(db, hidden).get(queue, now);
    const oldest = waiting?.oldest ?? null;
    return {
      visible: Number(waiting?.count),
      inFlight: Number(others?.in_flight),
      delayed: Number(others?.count) - Number(others?.in_flight),
      oldestSeconds: oldest === null ? 0 : Math.max(0, (now - Number(oldest)) / 1000),
    };
  });
}
