import { randomBytes } from "node:crypto";
import type { Ids } from "../jobs/ports/index.ts";

export const randomIds: Ids = {
  create: (prefix) => `${prefix}_${randomBytes(16).toString("hex")}`,
  secretBytes: (length) => new Uint8Array(randomBytes(length)),
};
