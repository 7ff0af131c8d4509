import { jsonLog, readableLog } from "../../local/log.ts";
import type { Log } from "../../src/jobs/ports/index.ts";
import { systemClock } from "../../src/local/system-clock.ts";
import type { Terminal } from "../terminal.ts";

export function makeLog(terminal: Terminal, verbose: boolean): Log {
  return verbose ? readableLog(terminal.stderr, systemClock) : jsonLog(terminal.stderr, systemClock);
}
