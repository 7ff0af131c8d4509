import { FolderBlobStore } from "../../../../src/local/folder-blob-store.ts";
import { systemClock } from "../../../../src/local/system-clock.ts";

/** Puts an object that has no end; prints a line for each piece. */
const [folder] = process.argv.slice(2);
const blobs = new FolderBlobStore({
  folderOf: async () => folder,
  uploads: { baseUrl: () => "", secret: new Uint8Array() },
  clock: systemClock,
});

async function* forever() {
  for (;;) {
    yield new Uint8Array(64 * 1024);
    process.stdout.write("piece\n");
  }
}
await blobs.put({ bucket: "service", key: "half/object" }, forever());
