import type { Logger } from "@aws-lambda-powertools/logger";
import type { Log } from "../jobs/ports/index.ts";

/** One JSON line per event; the event's name is the line's `message`. */
export function powertoolsLog(logger: Logger): Log {
  return {
    info: (event, fields = {}) => logger.info(event, withoutReserved(fields)),
    warn: (event, fields = {}) => logger.warn(event, withoutReserved(fields)),
    error: (event, fields = {}) => logger.error(event, withoutReserved(fields)),
  };
}

/** Powertools keeps these names for itself, and drops what else is called so. */
const RESERVED = new Set(["message", "level", "timestamp", "service", "sampling_rate"]);

function withoutReserved(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [RESERVED.has(name) ? `its_${name}` : name, value]),
  );
}
