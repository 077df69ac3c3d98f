import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "quick", include: ["test/**/*.test.ts"], exclude: ["test/e2e/**"], testTimeout: 120_000, hookTimeout: 120_000 } },
      // Emulated machines take minutes, and their steps build on each other.
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          bail: 1,
          fileParallelism: false,
        },
      },
    ],
  },
});
