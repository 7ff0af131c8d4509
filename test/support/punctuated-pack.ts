import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The pack in a new folder with a punctuator's files beside its own: links, and a model.json that lists them all. */
export async function punctuatedPack(pack: string, punctuator: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scriptorium-pack-"));
  const manifest = JSON.parse(await readFile(join(pack, "model.json"), "utf8"));
  const files: Record<string, { bytes: number; sha256: string }> = { ...manifest.files };
  for (const name of Object.keys(files)) {
    if (name.startsWith("punctuator.")) delete files[name];
    else await symlink(resolve(pack, name), join(folder, name));
  }
  for (const name of (await readdir(punctuator)).filter((one) => one.startsWith("punctuator."))) {
    const content = await readFile(join(punctuator, name));
    files[name] = { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
    await symlink(resolve(punctuator, name), join(folder, name));
  }
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...manifest, files }));
  return folder;
}
