import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface GpuFigures {
  /** Percent of the last moments in which a kernel ran. */
  utilization: number;
  /** Percent of the GPU's memory that is taken. */
  memory: number;
}

const QUERY = ["--query-gpu=utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"];
const TIMEOUT_MS = 10_000;

/** Of the container's one GPU, as NVIDIA's tool tells. Throws where there is no such tool, or no GPU. */
export async function readGpu(tool = "nvidia-smi"): Promise<GpuFigures> {
  const { stdout } = await promisify(execFile)(tool, QUERY, { timeout: TIMEOUT_MS });
  const [utilization, used, total] = stdout.trim().split("\n")[0].split(",").map(Number);
  if (!(total > 0) || Number.isNaN(utilization + used))
    throw new Error(`${tool} tells nothing of a GPU: ${stdout.slice(0, 200)}`);
  return { utilization, memory: (100 * used) / total };
}
