import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A shell script to stand in for ffmpeg or ffprobe. */
export async function fakeTool(folder: string, name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** The real ffmpeg, which first writes its process id to a file. */
export function ffmpegWithPid(folder: string, pidFile: string): Promise<string> {
  return fakeTool(folder, "ffmpeg-with-pid", `echo $$ > '${pidFile}'\nexec ffmpeg "$@"`);
}

/** False once the process is gone and reaped: a zombie still counts as there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
