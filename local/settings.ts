import { resolve } from "node:path";
import { InvalidRequestError } from "../src/jobs/errors.ts";
import { type Limits, limitsFrom } from "../src/jobs/limits.ts";

/** What the environment sets for the service on one machine. */
export interface LocalSettings {
  port: number;
  /** Absolute. */
  dataFolder: string;
  limits: Limits;
}

const DEFAULT_PORT = 8787;

/**
 * Read SCRIPTORIUM_PORT, SCRIPTORIUM_DATA and SCRIPTORIUM_LIMIT_…; what is handed in wins over them. Throws
 * InvalidRequestError naming the variable.
 */
export function readLocalSettings(
  given: { port?: string; data?: string } = {},
  environment: NodeJS.ProcessEnv = process.env,
): LocalSettings {
  return {
    port:
      readPort(given.port, "--port") ??
      readPort(environment.SCRIPTORIUM_PORT, "SCRIPTORIUM_PORT") ??
      DEFAULT_PORT,
    dataFolder: resolve(given.data ?? environment.SCRIPTORIUM_DATA ?? ".scriptorium"),
    limits: limitsFrom(environment),
  };
}

function readPort(text: string | undefined, name: string): number | null {
  if (text === undefined || text === "") return null;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidRequestError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}
