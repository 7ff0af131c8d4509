import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { HostileCase, HostileRecipe } from "./hostile-case.ts";
import { hostileClips } from "./hostile-clips.ts";
import { hostileContainers } from "./hostile-containers.ts";
import { hostileLures } from "./hostile-lures.ts";
import { hostileWavs } from "./hostile-wavs.ts";
import { tone } from "./tones.ts";
import { pcmWav } from "./wav.ts";

/**
 * Write recordings that are made to break things, and tell what must become of each. Everything is made from
 * generated tones and noise. Run as a script, it lists them: `node test/support/hostile-files.ts DIR`.
 * @param canaryUrl where those that point elsewhere point, besides the file canary.wav.
 */
export async function makeHostileFiles(
  folder: string,
  canaryUrl = "http://127.0.0.1:9/",
): Promise<HostileCase[]> {
  const root = resolve(folder);
  const [sources, corpus] = [join(root, "sources"), join(root, "corpus")];
  await Promise.all([sources, corpus].map((path) => mkdir(path, { recursive: true })));
  // Beside the others, for that is the one place where a QuickTime alias is looked for first.
  const canary = join(corpus, "canary.wav");
  await writeFile(canary, pcmWav([tone(1000, 3)]));
  const recipes = [
    ...hostileWavs(),
    ...hostileLures(canary, canaryUrl),
    ...(await hostileContainers(sources)),
    ...(await hostileClips(sources)),
  ];
  await mkdir(join(corpus, "folder.wav"), { recursive: true });
  return [
    ...(await Promise.all(recipes.map((recipe) => written(corpus, recipe)))),
    { name: "folder.wav", file: join(corpus, "folder.wav"), expect: { code: "unsupported_media" } },
    { name: "missing.wav", file: join(corpus, "missing.wav"), expect: { code: "not_found" } },
    { name: "device", file: "/dev/zero", expect: { code: "unsupported_media" } },
  ];
}

async function written(corpus: string, { make, ...rest }: HostileRecipe): Promise<HostileCase> {
  const file = join(corpus, rest.name);
  if (typeof make === "function") await make(file);
  else await writeFile(file, make);
  return { ...rest, file };
}

if (import.meta.main) {
  const [folder = "hostile"] = process.argv.slice(2);
  for (const { name, expect } of await makeHostileFiles(folder)) {
    process.stdout.write(`${name.padEnd(32)} ${JSON.stringify(expect)}\n`);
  }
}
