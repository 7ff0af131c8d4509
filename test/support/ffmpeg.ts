import { spawnSync } from "node:child_process";
import { describe } from "vitest";

const found = ["ffmpeg", "ffprobe"].every((binary) => spawnSync(binary, ["-version"]).status === 0);

/** A suite that needs ffmpeg: left out on a machine without it, but failing on the build server. */
export const describeWithFfmpeg = describe.skipIf(!found && process.env.CI === undefined);
