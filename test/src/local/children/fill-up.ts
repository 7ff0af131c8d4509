import { join } from "node:path";
import { ServiceError } from "../../../../src/jobs/errors.ts";
import { openDatabase } from "../../../../src/local/database.ts";
import { FolderBlobStore } from "../../../../src/local/folder-blob-store.ts";
import { SqliteQueue } from "../../../../src/local/sqlite-queue.ts";
import { systemClock } from "../../../../src/local/system-clock.ts";

/** Writes more than its limits allow; prints how it is refused, and what it can do afterwards. */
const [folder] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const code = (error: unknown) => (error instanceof ServiceError ? error.code : String(error));

const queue = new SqliteQueue(openDatabase(join(folder, "service.db")), {
  name: "work",
  clock: systemClock,
  deadLetters: null,
});
await queue.send("before");
await queue
  .sendMany(Array.from({ length: 200 }, () => "x".repeat(100_000)))
  .catch((error) => say(code(error)));
const messages = await queue.receive({ most: 10, waitSeconds: 0, visibilitySeconds: 30 });
say(messages.map(({ body }) => body).join());

const blobs = new FolderBlobStore({
  folderOf: async () => join(folder, "bucket"),
  uploads: { baseUrl: () => "", secret: new Uint8Array() },
  clock: systemClock,
});
await blobs.put({ bucket: "b", key: "big" }, Buffer.alloc(20_000_000)).catch((error) => say(code(error)));
await blobs.put({ bucket: "b", key: "small" }, "small");
say((await Array.fromAsync(blobs.list("b", ""))).map(({ key }) => key).join());
