import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Minutes by nature: `npm run test:long`. */
const LONG = "test/**/*.long.test.ts";

/**
 * Nothing but JavaScript and SQLite: no native add-on, no environment that is changed. They run in threads that are
 * not emptied between files, so that what they import is loaded once.
 */
const IN_THREADS = globSync(
  [
    "test/architecture.test.ts",
    "test/bench/{align,bootstrap,error-rate,manifest,scaling,speech,statistics,table,times}.test.ts",
    "test/cli/client/*.test.ts",
    "test/cli/{long-names,progress,readable,seats,submit-gate}.test.ts",
    "test/containers/{image/task-protection,worker/slots}.test.ts",
    "test/functions/**/*.test.ts",
    "test/infra/!(keys|state-machine).test.ts",
    "test/local/**/!(settings|health).test.ts",
    "test/src/{formats,jobs}/**/*.test.ts",
    "test/src/asr/{beam,language-model,readable,rescoring,segments,words,written}/**/*.test.ts",
    "test/src/asr/{recognised,audio/parts,audio/peaks,engine/batch-queue,pack/wenet-options}.test.ts",
    "test/src/aws/{partitions,read-object,send-in-batches,settings}.test.ts",
    "test/src/local/{memory-rate-limiter,memory-slots,random-ids,sqlite-job-store,sqlite-queue,upload-parts}.test.ts",
    "test/support/**/*.test.ts",
    "test/web/{parts,reading}.test.ts",
  ],
  { cwd: import.meta.dirname, exclude: [LONG] },
);

/** The command, whose 470 modules take seconds to load. Each file leaves its process as it found it: the next is in the same. */
const OF_COMMAND = globSync("test/cli/**/*.test.ts", {
  cwd: import.meta.dirname,
  exclude: [...IN_THREADS, LONG],
});

export default defineConfig({
  test: {
    setupFiles: ["test/support/seeded-in-ci.ts"],
    // Vitest would keep a core for itself; tests wait often enough for it to have its turn.
    maxWorkers: Math.max(2, availableParallelism()),
    // Conditions are waited for as long as a busy machine may take; what fails, fails late.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One after the other by name: the short ones, in threads, are the last, and leave no core idle at the end.
    projects: [
      { extends: true, test: { name: "command", include: OF_COMMAND, pool: "forks", isolate: false } },
      { extends: true, test: { name: "threads", include: IN_THREADS, pool: "threads", isolate: false } },
      {
        extends: true,
        test: {
          name: "processes",
          include: ["test/**/*.test.ts"],
          exclude: [...IN_THREADS, ...OF_COMMAND, LONG],
          // Native add-ons (onnxruntime-node) and worker threads of our own want a process each, not a shared one.
          pool: "forks",
        },
      },
      { extends: true, test: { name: "long", include: [LONG], pool: "forks" } },
    ],
  },
});
