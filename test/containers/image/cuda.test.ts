import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { checkDriver, LEAST_DRIVER } from "../../../containers/worker/driver.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { readWorkerImage } from "../../support/worker-image.ts";

const require = createRequire(import.meta.url);
const CHECK = fileURLToPath(new URL("../../../containers/worker/check-libraries.sh", import.meta.url));
/** `readelf -d` of the provider of onnxruntime 1.30.0: libcudart.so.13, libcublas.so.13, and it opens libcudnn.so.9. */
const PROVIDER = { onnxruntime: "1.30.0", cuda: 13, cudnn: 9 };

describe("the CUDA image", () => {
  test("has the CUDA that this version of onnxruntime is built for, and its cuDNN", async () => {
    const { dependencies } = require("../../../package.json");
    // Another version may need another CUDA: look at its provider, then change all three.
    expect(dependencies["onnxruntime-node"]).toBe(PROVIDER.onnxruntime);
    const { text } = await readWorkerImage();
    const [, major] = /^ARG CUDA_IMAGE=nvidia\/cuda:(\d+)\.\d+\.\d+-cudnn-runtime-/m.exec(text) ?? [];
    expect(Number(major)).toBe(PROVIDER.cuda);
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
    expect(cuda).toMatch(/^FROM \S+ AS cuda$/m);
    const [copied, run] = [
      /^COPY --from=worker /m,
      /^RUN containers\/worker\/check-libraries\.sh (.*)$/m,
    ].map((step) => step.exec(cuda));
    expect(run?.[1].split(" ")).toEqual([
      "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so",
      `libcudnn.so.${PROVIDER.cudnn}`,
    ]);
    expect(run?.index).toBeGreaterThan(copied?.index ?? Number.POSITIVE_INFINITY);
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
