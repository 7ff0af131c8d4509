import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { LocalService, type LocalServiceOptions } from "../../../local/local-service.ts";
import { silentLog } from "../../../local/log.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../src/jobs/limits.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export const BUNDLED_MODEL = fileURLToPath(new URL("../../../models/u2pp-moe-en-41m", import.meta.url));

/** The whole service on a free port, with the bundled model; closed when the test ends. */
export async function startService(
  options: Partial<Pick<LocalServiceOptions, "dataFolder" | "worker" | "visibility" | "log">> & {
    limits?: Partial<Limits>;
  } = {},
): Promise<LocalService & { dataFolder: string }> {
  const dataFolder = options.dataFolder ?? (await temporaryFolder());
  const service = await LocalService.start({
    port: 0,
    dataFolder,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    log: options.log ?? silentLog,
    model: BUNDLED_MODEL,
    device: "cpu",
    worker: options.worker === undefined ? {} : options.worker,
    ...(options.visibility && { visibility: options.visibility }),
  });
  let closed: Promise<void> | null = null;
  const close = () => {
    closed ??= LocalService.prototype.close.call(service);
    return closed;
  };
  onTestFinished(close);
  return Object.assign(service, { dataFolder, close });
}
