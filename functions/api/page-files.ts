import { readdir, readFile } from "node:fs/promises";

/** A file of the built page. `index.html` is the page; the others are named for their content, which never changes. */
export interface PageFile {
  name: string;
  content: Uint8Array<ArrayBuffer>;
}

/** What web/build.ts has made, and infra/bundle has put beside the function. */
export async function readPageFiles(folder: URL): Promise<PageFile[]> {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({ name, content: new Uint8Array(await readFile(new URL(name, folder))) })),
  );
}
