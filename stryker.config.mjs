/** `npm run mutate`: which of the service's tests notice a change. See docs/explanation/mutation.md. */
export default {
  mutate: ['src/service/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A loop without end is found by this; on a busy machine nothing else may take as long.
  timeoutMS: 20_000,
  // Stryker would rewrite it with the API of an older TypeScript than ours; there is nothing to rewrite.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  tempDirName: '.cache/stryker',
  ignorePatterns: ['.cache', '.dev', 'build', 'dist', 'docs', 'reports'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  incremental: true,
  incrementalFile: '.cache/mutation-incremental.json',
  thresholds: { high: 98, low: 95, break: 90 },
};
