import type { Clock } from "../jobs/ports/index.ts";

export const systemClock: Clock = { now: () => Date.now() };
