#!/usr/bin/env -S node --max-semi-space-size=2
// Starts the command on the Node this project is pinned to (it runs TypeScript as it is), whatever `node` is on PATH.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 24;
/** Else V8's young generation grows over hours, by 45 MB, for nothing (bench/NOTES.md). npm's scripts and the image say it too. */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=2";

// `npm run` moves to the project's folder; paths on the command line are meant from where the user is.
// Only where npm runs this very file: a script of another kind that calls it has chosen its folder.
if (process.env.npm_lifecycle_script?.includes("bin/scriptorium.mjs") && process.env.INIT_CWD)
  process.chdir(process.env.INIT_CWD);

if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) {
  // The reader of a pipe may leave early, as `head` does: that is no error worth a stack trace.
  process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const { main } = await import("../cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  runPinned();
}

function runPinned() {
  const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
  const binary = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(binary)) {
    process.stderr.write(
      `scriptorium needs Node ${OLDEST_MAJOR} or newer. Run "npm install" in its folder, which brings it.\n`,
    );
    process.exit(2);
  }
  const command = [SMALL_YOUNG_GENERATION, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(binary, command, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}
