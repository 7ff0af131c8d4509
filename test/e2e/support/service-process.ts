import { LocalService } from "../../../local/local-service.ts";
import { silentLog } from "../../../local/log.ts";
import { DEFAULT_LIMITS } from "../../../src/jobs/limits.ts";

/** The service as a process to be killed: data folder, port and model on the command line; prints its access. */
const [dataFolder, port, model] = process.argv.slice(2);
const service = await LocalService.start({
  port: Number(port),
  dataFolder,
  // How often it may die and be asked is not what this is about.
  limits: { ...DEFAULT_LIMITS, attempts: 100, requestsPerMinute: 1_000_000 },
  log: silentLog,
  model,
  device: "cpu",
  worker: {},
  visibility: { recordings: 2, webhooks: 2 },
});
process.stdout.write(`${JSON.stringify({ url: service.url, key: service.access.key })}\n`);
