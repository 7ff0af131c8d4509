import { execFile } from "node:child_process";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parseList, sizesIn } from "../../../containers/worker/cuda-sizes.ts";
import { checkDriver, LEAST_DRIVER } from "../../../containers/worker/driver.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { readWorkerImage } from "../../support/worker-image.ts";

const require = createRequire(import.meta.url);
const CHECK = fileURLToPath(new URL("../../../containers/worker/check-libraries.sh", import.meta.url));
/** `readelf -d` of the provider of onnxruntime 1.30.0: libcudart.so.13, libcublas.so.13, and it opens libcudnn.so.9. */
const PROVIDER = {
  ...{ onnxruntime: "1.30.0", cuda: 13, cudnn: 9 },
  linked: ["libcublasLt.so.13", "libcublas.so.13", "libcurand.so.10", "libcudart.so.13"],
};
const LIST = fileURLToPath(new URL("../../../containers/worker/cuda-libraries.txt", import.meta.url));

describe("the CUDA image", () => {
  test("has the CUDA that this version of onnxruntime is built for, and its cuDNN", async () => {
    const { dependencies } = require("../../../package.json");
    // Another version may need another CUDA: look at its provider, then change all three.
    expect(dependencies["onnxruntime-node"]).toBe(PROVIDER.onnxruntime);
    const { text } = await readWorkerImage();
    expect(text).toContain("RUN ./cuda-libraries.sh cuda-libraries.txt /opt/cuda");
    const wheels = parseList(await readFile(LIST, "utf8"));
    const versions = Object.fromEntries(wheels.map(({ wheel, version }) => [wheel, version]));
    expect(versions["nvidia-cuda-runtime"]).toMatch(new RegExp(`^${PROVIDER.cuda}\\.0\\.`));
    expect(versions["nvidia-cublas"]).toMatch(new RegExp(`^${PROVIDER.cuda}\\.0\\.`));
    expect(versions[`nvidia-cudnn-cu${PROVIDER.cuda}`]).toMatch(new RegExp(`^${PROVIDER.cudnn}\\.`));
    const libraries = wheels.flatMap(({ names }) => names);
    for (const name of [...PROVIDER.linked, `libcudnn.so.${PROVIDER.cudnn}`])
      expect(libraries).toContain(name);
  });

  test("has the provider fetched by a flag that the package's script knows", async () => {
    const { text } = await readWorkerImage();
    const [, flag] = /ONNXRUNTIME_NODE_INSTALL=(\S+)/.exec(text) ?? [];
    const utils = join(dirname(require.resolve("onnxruntime-node/package.json")), "script/install-utils.js");
    const read = `require(${JSON.stringify(utils)}).parseInstallFlag()`;
    const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: flag };
    const { stdout } = await promisify(execFile)(process.execPath, ["-p", read], { env: environment });
    expect(stdout).toBe("true\n");
  });

  test("is not built where the provider's libraries are missing", async () => {
    const { text } = await readWorkerImage();
    const cuda =
      text
        .replaceAll(/\\\n\s*/g, "")
        .split(/^(?=FROM )/m)
        .at(-1) ?? "";
    expect(cuda).toMatch(/^FROM cpu AS cuda$/m);
    const [copied, run] = [
      /^COPY --from=packages-cuda /m,
      /^RUN containers\/worker\/check-libraries\.sh (.*)$/m,
    ].map((step) => step.exec(cuda));
    expect(run?.[1].split(" ")).toEqual([
      "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so",
      `libcudnn.so.${PROVIDER.cudnn}`,
    ]);
    expect(run?.index).toBeGreaterThan(copied?.index ?? Number.POSITIVE_INFINITY);
  });
});

describe("what is taken of NVIDIA's wheels", () => {
  /** A ZIP file's directory with one entry, after some bytes of its content. */
  function directoryOf(path: string, bytes: number): Buffer {
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(bytes, 24);
    entry.writeUInt16LE(path.length, 28);
    return Buffer.concat([Buffer.from("content"), entry, Buffer.from(path)]);
  }

  test("is counted by the directory at a wheel's end", () => {
    const tail = directoryOf("nvidia/cu13/lib/libcudart.so.13", 704_288);
    expect([...sizesIn(tail)]).toEqual([["libcudart.so.13", 704_288]]);
  });

  test("is left alone in a folder, and a wheel without it ends the build", { timeout: 300_000 }, async () => {
    const folder = await temporaryFolder();
    const library = join(folder, "library.py");
    await writeFile(library, "a library");
    // In pip's place: whatever is asked for, a wheel with two files.
    const pip = `#!/bin/sh\nfor last; do :; done\nwhile [ "$1" != --dest ]; do shift; done\ncd ${folder} && python3 -m zipfile -c "$2/$last.whl" library.py pip\n`;
    await writeFile(join(folder, "pip"), pip, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const script = join(dirname(LIST), "cuda-libraries.sh");
    const list = join(folder, "list.txt");
    const take = async (text: string, to: string) => {
      await writeFile(list, text);
      await promisify(execFile)(script, [list, join(folder, to)], { env });
      return (await readdir(join(folder, to))).sort();
    };
    expect(await take("# a comment\nwheel==1.0 library.py\n", "libraries")).toEqual(["library.py"]);
    await expect(take("wheel==1.0 libmissing.so.1\n", "others")).rejects.toThrow(
      "wheel==1.0 has no libmissing.so.1",
    );
  });
});

describe("the check of libraries", () => {
  const check = (...args: string[]) =>
    promisify(execFile)(CHECK, args).then(
      () => "",
      (error: { stderr: string }) => error.stderr,
    );
  const package_ = dirname(require.resolve("onnxruntime-node/package.json"));
  const binding = join(package_, `bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`);

  test("passes what has all that it needs, and names what is missing", async () => {
    expect(await check(binding, "libc.so.6")).toBe("");
    const alone = join(await temporaryFolder(), "onnxruntime_binding.node");
    await copyFile(binding, alone);
    expect(await check(alone)).toMatch(/lacks: libonnxruntime\.so\.1$/m);
    expect(await check(binding, "libcudnn.so.0")).toMatch(/lacks: libcudnn\.so\.0$/m);
  });

  test("takes a file that is not there for no success", async () => {
    expect(await check("/nowhere.so")).toContain("/nowhere.so");
  });

  test("lets nothing but the driver's own library be missing", async () => {
    const folder = await temporaryFolder();
    const says = async (...missing: string[]) => {
      const lines = missing.map((name) => `echo "${name} => not found"`);
      await writeFile(join(folder, "ldd"), ["#!/bin/sh", ...lines].join("\n"), { mode: 0o755 });
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      return promisify(execFile)(CHECK, ["provider.so"], { env }).then(
        () => "",
        (error: { stderr: string }) => error.stderr.trim(),
      );
    };
    expect(await says("libcuda.so.1")).toBe("");
    expect(await says("libcuda.so.1", "libcudart.so.13", "libcublas.so.13")).toBe(
      "provider.so needs what this image lacks: libcudart.so.13 libcublas.so.13",
    );
  });
});

describe("the driver of a worker's machine", () => {
  const version = async (text: string) => {
    const file = join(await temporaryFolder(), "version");
    await writeFile(file, text);
    return checkDriver(file);
  };

  test.each([
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95.05  Tue Sep 23 09:55:41 UTC 2025",
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.126.09  Release Build  (dvs-builder)\nGCC version: 11.5.0",
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  590.48  Release Build",
  ])("may be %s", async (text) => {
    await expect(version(text)).resolves.toBeUndefined();
  });

  test("must not be older than CUDA 13 runs on, nor missing", async () => {
    const old = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.172.08  Release Build";
    await expect(version(old)).rejects.toThrow(`is 570.172.08, and CUDA 13 needs ${LEAST_DRIVER} or newer`);
    await expect(checkDriver("/nowhere")).rejects.toThrow("There is no NVIDIA driver");
  });
});
