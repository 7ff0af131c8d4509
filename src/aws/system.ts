import { randomBytes } from "node:crypto";
import type { Clock, Ids } from "../jobs/ports/index.ts";

export const systemClock: Clock = { now: () => Date.now() };

export const randomIds: Ids = {
  create: (prefix) => `${prefix}_${randomBytes(16).toString("hex")}`,
  secretBytes: (length) => new Uint8Array(randomBytes(length)),
};
