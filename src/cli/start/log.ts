import type { Log } from "../../jobs/ports/index.ts";
import { systemClock } from "../../local/adapters/system-clock.ts";
import { jsonLog, readableLog } from "../../local/log.ts";
import type { Terminal } from "../terminal.ts";

export function makeLog(terminal: Terminal, verbose: boolean): Log {
  return verbose ? readableLog(terminal.stderr, systemClock) : jsonLog(terminal.stderr, systemClock);
}
