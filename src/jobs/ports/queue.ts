/** A message in hand. It comes back, to anyone, when its visibility timeout ends before it is deleted. */
export interface Message {
  /** The same each time it is received. */
  id: string;
  body: string;
  /** Of this receipt of the message: a later one makes it stale. */
  receipt: string;
  /** How often it has been received, this time included. */
  receiveCount: number;
  /** ISO 8601 UTC. */
  sentAt: string;
}

export interface ReceiveOptions {
  /** At most this many messages, 1 to 10. */
  most: number;
  /** Waits up to this long for the first, 0 to 20. */
  waitSeconds: number;
  visibilitySeconds: number;
  /** Ends the waiting with no messages. */
  signal?: AbortSignal;
}

export interface QueueDepth {
  visible: number;
  inFlight: number;
  delayed: number;
  /** Of the oldest message that waits to be received; 0 where none does. */
  oldestSeconds: number;
}

export interface SendOptions {
  /** 0 to 900. */
  delaySeconds?: number;
  /** Whose message it is: a flood of one owner's does not keep those of others waiting. */
  owner?: string;
}

/** At least once, in no promised order, but each owner's turn comes. After `maxReceives` receipts a message moves to the dead letters. */
export interface Queue {
  readonly name: string;
  send(body: string, options?: SendOptions): Promise<void>;
  /** Any number of messages. Where it fails, part of them may have been sent. */
  sendMany(bodies: readonly string[], options?: Pick<SendOptions, "owner">): Promise<void>;
  receive(options: ReceiveOptions): Promise<Message[]>;
  /** The visibility timeout starts anew. False where the message is no longer ours. */
  extend(message: Message, visibilitySeconds: number): Promise<boolean>;
  /** Give it back, to be received again after `delaySeconds` (default 0). */
  release(message: Message, delaySeconds?: number): Promise<void>;
  /** Done with. Without effect where the message is no longer ours. */
  delete(message: Message): Promise<void>;
  depth(): Promise<QueueDepth>;
}
