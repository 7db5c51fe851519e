import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});

export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      // Nothing here waits for time; a busy machine may take some over a property all the same.
      project('unit', ['test/unit/**/*.test.ts'], { testTimeout: 30_000 }),
      project('architecture', ['test/architecture.test.ts']),
      project('contract', ['test/contract/**/*.test.ts'], { testTimeout: 120_000 }),
      project('integration', ['test/integration/**/*.test.ts'], { testTimeout: 60_000 }),
      project('docs', ['test/docs/**/*.test.ts'], { testTimeout: 60_000 }),
      // Not part of `npm test`: it works on the machine's own service manager.
      ...(process.env['HEPH_TEST_MACHINE'] === 'yes'
        ? [project('machine', ['test/machine/**/*.test.ts'], { testTimeout: 180_000 })]
        : []),
      project('container', ['test/container/**/*.test.ts'], {
        testTimeout: 180_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
