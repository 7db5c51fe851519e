import { defineConfig } from 'vitest/config';

/** The tests of the service's rules: those that need no process, and are the same on a busy machine. */
export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    include: ['test/unit/service/**/*.test.ts'],
    exclude: ['**/on-a-fake.test.ts'],
  },
});
