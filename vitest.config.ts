import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/seeded-in-ci.ts"],
    // Native add-ons (onnxruntime-node) and worker threads of our own want a process each, not a shared one.
    pool: "forks",
    // Conditions are waited for as long as a busy machine may take; what fails, fails late.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
