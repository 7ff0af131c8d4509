import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApi } from "../functions/api/app.ts";
import { loadPack } from "../src/asr/index.ts";
import { DEFAULT_LIMITS } from "../src/jobs/limits.ts";
import { MemoryRateLimiter } from "../src/local/memory-rate-limiter.ts";
import { systemClock } from "../src/local/system-clock.ts";
import { silentLog } from "./log.ts";
import { openServices } from "./open-services.ts";
import { VERSION } from "./version.ts";

/** `npm run openapi`: the document of a service with the default limits, as it answers GET /openapi.json. Clients are made from it. */

const MODEL = fileURLToPath(new URL("../models/u2pp-moe-en-41m", import.meta.url));

const dataFolder = await mkdtemp(join(tmpdir(), "scriptorium-openapi-"));
const { manifest } = await loadPack(MODEL);
const { services, db } = openServices({
  dataFolder,
  limits: DEFAULT_LIMITS,
  clock: systemClock,
  log: silentLog,
  model: manifest,
  uploadSecret: new Uint8Array(32),
  baseUrl: () => "",
  startListing: async () => {},
});
const rateLimiter = new MemoryRateLimiter({ requestsPerMinute: 60, clock: systemClock });
const app = createApi(services, { rateLimiter, version: VERSION });
process.stdout.write(`${await (await app.request("/openapi.json")).text()}\n`);
db.close();
await rm(dataFolder, { recursive: true });
