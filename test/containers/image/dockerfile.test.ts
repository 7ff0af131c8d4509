import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUNDLED_MODEL } from "../../e2e/support/local-service.ts";
import { filesCopied, readWorkerImage } from "../../support/worker-image.ts";

describe("the worker's image", () => {
  test("holds the worker and what it needs, and nothing else of the repository", async () => {
    const files = await filesCopied(await readWorkerImage());
    expect(files).toContain("containers/worker/main.ts");
    expect(files).toContain("models/u2pp-moe-en-41m/encoder.onnx");
    expect(files.filter((path) => !/^(src|containers|models)\//.test(path))).toEqual([
      "package-lock.json",
      "package.json",
    ]);
    expect(files.filter((path) => /(^|\/)(local|cli|test|golden)(\/|\.)/.test(path))).toEqual([]);
  });

  test("has the model's files, each one", async () => {
    const files = await filesCopied(await readWorkerImage());
    const { files: listed } = JSON.parse(await readFile(join(BUNDLED_MODEL, "model.json"), "utf8"));
    const names = ["model.json", ...Object.keys(listed)].sort();
    const model = files.filter((path) => path.startsWith("models/"));
    expect(model.sort()).toEqual(names.map((name) => `models/u2pp-moe-en-41m/${name}`));
  });

  test("leaves out development tools and runs no package's scripts", async () => {
    const { install } = await readWorkerImage();
    expect(install.slice(0, 2)).toEqual(["npm", "ci"]);
    expect(install).toEqual(expect.arrayContaining(["--omit=dev", "--ignore-scripts"]));
  });

  test.each(["cpu", "webgpu", "cuda"])(
    "%s: is pinned, not root's, and checked for health",
    async (target) => {
      const { text } = await readWorkerImage();
      const stages = new Map(
        text.split(/^(?=FROM )/m).map((stage) => [/ AS (\S+)/.exec(stage)?.[1] ?? "", stage] as const),
      );
      const stage = stages.get(target) ?? "";
      // webgpu and cuda go on from cpu.
      const whole = (stage.startsWith("FROM cpu") ? stages.get("cpu") : "") + stage;
      expect(whole.match(/^USER \S+/gm)?.at(-1)).toMatch(/USER (node|worker)/);
      expect(whole).toContain("HEALTHCHECK");
      expect(whole).toContain("MALLOC_MMAP_THRESHOLD_=4194304");
      expect(whole).toContain('CMD ["node", "--max-semi-space-size=2", "containers/worker/main.ts"]');
      expect(whole).toMatch(/ENTRYPOINT \["tini", "--"\]/);
      expect(whole).toMatch(new RegExp(`SCRIPTORIUM_DEVICE=${target}\\b`));
    },
  );

  test("names the exact versions it is built from", async () => {
    const { text } = await readWorkerImage();
    const images = [...text.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map(([, image]) => image);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
  });
});
