import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DATABASE_FILE } from "../../local/data-folder.ts";
import type { Services } from "../../src/jobs/services.ts";
import { openDatabase } from "../../src/local/database.ts";
import { randomIds } from "../../src/local/random-ids.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { systemClock } from "../../src/local/system-clock.ts";
import { CliError } from "../errors.ts";
import { readClientSettings } from "../settings.ts";

type KeyServices = Pick<Services, "store" | "clock" | "ids">;

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError("not_writable", `${folder} cannot be made (${cause.code}).`, { cause });
  });
}

/**
 * Work on the keys of the local service, which may run meanwhile. `create`: make the data folder where it is missing.
 * Throws CliError `no_data_folder` otherwise, and what openDatabase does.
 */
export async function withKeys<T>(
  { create }: { create: boolean },
  work: (services: KeyServices) => Promise<T>,
): Promise<T> {
  const { dataFolder } = readClientSettings();
  const file = join(dataFolder, DATABASE_FILE);
  if (create) await makeFolder(dataFolder);
  else if (!existsSync(file))
    throw new CliError(
      "no_data_folder",
      `There is no service in ${dataFolder}. Name its data folder with SCRIPTORIUM_DATA.`,
    );
  const db = openDatabase(file);
  try {
    return await work({ store: new SqliteJobStore(db), clock: systemClock, ids: randomIds });
  } finally {
    db.close();
  }
}
