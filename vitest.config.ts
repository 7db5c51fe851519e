import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include, ...more },
});

/**
 * On a CI machine of two cores, whole processes, machines and managers at once
 * may each take longer than a test of real time allows. One that fails there is
 * tried again; the report says so. Elsewhere it fails at once.
 */
const retry = process.env['CI'] === 'true' ? 2 : 0;

export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      // Nothing here waits for time; a busy machine may take some over a property all the same.
      project('unit', ['test/unit/**/*.test.ts'], { testTimeout: 30_000 }),
      project('architecture', ['test/architecture*.test.ts']),
      project('contract', ['test/contract/**/*.test.ts'], { testTimeout: 120_000, retry }),
      project('integration', ['test/integration/**/*.test.ts'], { testTimeout: 120_000, retry }),
      project('torture', ['test/torture/**/*.test.ts'], { testTimeout: 300_000 }),
      project('docs', ['test/docs/**/*.test.ts'], { testTimeout: 60_000 }),
      project('http', ['test/http/**/*.test.ts'], { testTimeout: 30_000 }),
      // Not part of `npm test`: it works on the machine's own service manager.
      ...(process.env['HEPH_TEST_MACHINE'] === 'yes'
        ? [project('machine', ['test/machine/**/*.test.ts'], { testTimeout: 180_000 })]
        : []),
      project('container', ['test/container/**/*.test.ts'], {
        testTimeout: 180_000,
        retry,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
      project('nvim', ['test/nvim/**/*.test.ts'], {
        testTimeout: 180_000,
        retry,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
