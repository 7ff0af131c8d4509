import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Native add-ons (onnxruntime-node) and worker threads of our own want a process each, not a shared one.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
