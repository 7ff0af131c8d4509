import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { buildPage } from "../../web/build.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const FUNCTIONS = [
  "accept-arrivals",
  "api",
  "canary",
  "deliver-webhook",
  "enqueue-archive",
  "fail-dead-letters",
  "finish-listing",
  "list-source",
  "sweep",
] as const;

/** What lies beside a bundle, by the names that its function has for it. */
const FILES: Partial<Record<(typeof FUNCTIONS)[number], Record<string, string>>> = {
  canary: { "speech.wav": "models/u2pp-moe-en-41m/golden/8-slt.wav" },
};

/** Zod brings its messages in fifty languages, a quarter of the API's bundle; we speak one. */
const oneLanguage: Plugin = {
  name: "one-language",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      loader: "js",
    }));
  },
};

/**
 * Bundle functions/{name}/main.ts into {folder}/index.mjs. The AWS SDK is part of it, although Lambda has one: what was
 * tested is what runs, and a bundle starts faster than the SDK's many files. The API's folder has the page beside it.
 * Returns the bundle's size in bytes.
 */
export async function bundleFunction(name: (typeof FUNCTIONS)[number], folder: string): Promise<number> {
  const outfile = join(folder, "index.mjs");
  const { metafile } = await build({
    entryPoints: [join(ROOT, "functions", name, "main.ts")],
    outfile,
    bundle: true,
    minify: true,
    // Names of errors are looked at.
    keepNames: false,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    charset: "utf8",
    sourcemap: "linked",
    sourcesContent: false,
    // Packages that are CommonJS inside call require, which ESM lacks.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    plugins: [oneLanguage],
    metafile: true,
    absWorkingDir: ROOT,
    logLevel: "error",
  });
  if (name === "api") await writePage(join(folder, "page"));
  for (const [file, source] of Object.entries(FILES[name] ?? {}))
    await copyFile(join(ROOT, source), join(folder, file));
  const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(".mjs"));
  return output?.[1].bytes ?? 0;
}

async function writePage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of await buildPage()) await writeFile(join(folder, name), content);
}
