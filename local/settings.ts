import { resolve } from "node:path";
import { InvalidRequestError } from "../src/jobs/errors.ts";
import { type Limits, limitsFrom } from "../src/jobs/limits.ts";
import { OWNER_PATTERN } from "../src/jobs/owner.ts";
import { DEFAULT_OWNER } from "./access.ts";

/** What the environment sets for the service on one machine. */
export interface LocalSettings {
  port: number;
  /** Absolute. */
  dataFolder: string;
  limits: Limits;
  /** Owners whose webhooks may go to this machine itself; `*`: all. */
  localWebhooks: readonly string[] | "*";
}

const DEFAULT_PORT = 8787;

/**
 * Read SCRIPTORIUM_PORT, SCRIPTORIUM_DATA, SCRIPTORIUM_LOCAL_WEBHOOKS and SCRIPTORIUM_LIMIT_…; what is handed in wins over them. Throws
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
    localWebhooks: readOwners(environment.SCRIPTORIUM_LOCAL_WEBHOOKS) ?? [DEFAULT_OWNER],
  };
}

/** `radio,tv`; `*`: every owner; empty: none. */
function readOwners(text: string | undefined): readonly string[] | "*" | null {
  if (text === undefined) return null;
  if (text.trim() === "*") return "*";
  const owners = text.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  const wrong = owners.find((name) => !OWNER_PATTERN.test(name));
  if (wrong === undefined) return owners;
  throw new InvalidRequestError(
    `SCRIPTORIUM_LOCAL_WEBHOOKS must be owners, or *: "${wrong}" is no owner's name.`,
  );
}

function readPort(text: string | undefined, name: string): number | null {
  if (text === undefined || text === "") return null;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidRequestError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}
