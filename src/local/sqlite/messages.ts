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
  { now, visibleAt }: { now: number; visibleAt: number },
): void {
  const sql = "INSERT INTO messages (id, queue, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)";
  for (let from = 0; from < bodies.length; from += SENT_AT_ONCE) {
    write(db, () => {
      const insert = statement(db, sql);
      for (const body of bodies.slice(from, from + SENT_AT_ONCE))
        insert.run(randomUUID(), queue, body, now, visibleAt);
    });
  }
}

/** Take messages that are visible, those that have been so longest first. */
export function receiveMessages(db: DatabaseSync, reception: Reception): Received {
  // Looking costs others nothing; taking keeps them from writing.
  const next = nextVisibleAt(db, reception.queue);
  if (next === null || next > reception.now) return { messages: [], moved: 0 };
  return write(db, () => {
    const received: Received = { messages: [], moved: 0 };
    const sql = `SELECT sequence, id, body, sent_at, receive_count FROM messages
      WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, sequence LIMIT ?`;
    while (received.messages.length < reception.most) {
      const wanted = reception.most - received.messages.length;
      const rows = statement(db, sql).all(reception.queue, reception.now, wanted);
      if (rows.length === 0) break;
      for (const row of rows) {
        if (reception.deadLetters !== null && Number(row.receive_count) >= reception.maxReceives) {
          moveMessage(db, row, reception.deadLetters, reception.now);
          received.moved++;
        } else received.messages.push(takeMessage(db, row, reception.visibleAt));
      }
    }
    return received;
  });
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
