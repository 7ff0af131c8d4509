import { expect, test } from "vitest";
import { readGpu } from "../../../containers/worker/gpu-figures.ts";
import { fakeTool } from "../../support/fake-tool.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const tool = async (script: string) => fakeTool(await temporaryFolder(), "nvidia-smi", script);

test("a GPU's figures are read from NVIDIA's tool, which is asked for them by name", async () => {
  const asked =
    'case "$*" in *utilization.gpu,memory.used,memory.total*nounits*) echo "87, 5734, 22938";; esac';
  const { utilization, memory } = await readGpu(await tool(asked));
  expect([utilization, Math.round(memory)]).toEqual([87, 25]);
});

test.each([
  ["no device", 'echo "No devices were found"'],
  ["a figure that it has not", 'echo "[N/A], 5734, 22938"'],
  ["nothing", "true"],
  ["an error", "exit 9"],
])("where it tells %s there are none", async (_what, script) => {
  await expect(readGpu(await tool(script))).rejects.toThrow();
});

test("where there is no such tool there are none", async () => {
  await expect(readGpu("/nowhere/nvidia-smi")).rejects.toThrow("ENOENT");
});
