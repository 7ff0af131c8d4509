import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LOCAL_BUCKET, SourceFolders } from "../../local/sources.ts";
import { openDatabase } from "../../src/local/database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("a folder is a bucket named after it, for its owner alone", async () => {
  const { sources, folder } = await world("Old Tapes");
  expect(await sources.add(folder, "acme")).toBe("old-tapes");
  expect(await sources.add(folder, "acme")).toBe("old-tapes");
  expect(sources.folderOf("old-tapes")).toBe(folder);
  expect(sources.bucketsOf("acme")).toEqual(["old-tapes"]);
  expect(sources.bucketsOf("other")).toEqual([]);
  expect(await sources.add(folder, "other")).toBe("old-tapes-2");
});

test("a link and the folder it leads to are one", async () => {
  const { sources, folder } = await world("tapes");
  await symlink(folder, `${folder}-link`);
  expect(await sources.add(`${folder}-link`, "acme")).toBe("tapes");
  expect(await sources.add(folder, "acme")).toBe("tapes");
});

test.each([
  [LOCAL_BUCKET, `${LOCAL_BUCKET}-2`],
  ["ü", "folder"],
  ["a", "folder-a"],
])("a folder named %s becomes the bucket %s", async (name, bucket) => {
  const { sources, folder } = await world(name);
  expect(await sources.add(folder, "acme")).toBe(bucket);
});

test("a folder that is not there is refused, as is a file", async () => {
  const { sources, folder } = await world("tapes");
  await expect(sources.add(join(folder, "nowhere"), "acme")).rejects.toThrow(/There is no folder/);
  await expect(sources.add(new URL(import.meta.url).pathname, "acme")).rejects.toThrow(/There is no folder/);
});

async function world(name: string): Promise<{ sources: SourceFolders; folder: string }> {
  const db = openDatabase(":memory:");
  onTestFinished(() => db.close());
  const folder = join(await temporaryFolder(), name);
  await mkdir(folder);
  return { sources: new SourceFolders(db), folder };
}
