import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Deployed } from "./deployed.ts";
import { startBatch } from "./start-batch.ts";

const ITEMS = 500;

/** By AWS's own command line, which must be there: the service has no use for these calls itself. */
async function aws(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("aws", [...args, "--output", "json"]);
  return stdout;
}

export async function deployUnderLoad(deployed: Deployed): Promise<string> {
  const { cluster, name } = deployed.options.service ?? { cluster: "", name: "" };
  return underLoad(deployed, "new workers took over from old ones", async () => {
    const place = ["--cluster", cluster];
    await aws("ecs", "update-service", ...place, "--service", name, "--force-new-deployment");
    await aws("ecs", "wait", "services-stable", ...place, "--services", name);
  });
}

export async function interruptSpot(deployed: Deployed): Promise<string> {
  const template = deployed.options.interruption ?? "";
  return underLoad(deployed, "an instance was taken away", async () => {
    await aws("fis", "start-experiment", "--experiment-template-id", template);
  });
}

/** While a batch is under work. Whatever happens to workers, each item must come to its end, and none fail. */
async function underLoad(deployed: Deployed, what: string, happen: () => Promise<void>): Promise<string> {
  const { id, items } = await startBatch(deployed, ITEMS);
  const path = `/v1/batches/${id}`;
  type Counts = { completed: number; failed: number };
  const countsOf = (record: object) => (record as { counts: Counts }).counts;
  await deployed.until(path, (record) => countsOf(record).completed > 0);
  await happen();
  const record = await deployed.until(path, ({ status }) => status === "completed");
  const { completed, failed } = countsOf(record);
  if (completed !== items || failed > 0)
    throw new Error(`of ${items} recordings ${completed} are completed, ${failed} failed`);
  return `${what} while ${items} recordings were under work, and each was transcribed`;
}
