/** Relative imports say `.js`, as Node wants them; the tests run the TypeScript behind them. */
const moduleNameMapper = {
  // Its ES modules import JSON in a way Jest warns of, once per file.
  '^libphonenumber-js/max$': '<rootDir>/node_modules/libphonenumber-js/max/index.cjs',
  // What describes the routes loads it in 428 files, a twelfth of all that Jest loads anew for each file of tests.
  '^es-toolkit/compat$': '<rootDir>/node_modules/es-toolkit/dist/browser.global.js',
  '^(\\.{1,2}/.*)\\.js$': '$1',
  '^@koneksi/contracts/(.*)$': '<rootDir>/contracts/src/$1.ts',
  '^@koneksi/client$': '<rootDir>/packages/client/src/koneksi.ts',
  '^@koneksi/client/(.*)$': '<rootDir>/packages/client/src/$1.ts',
  '^@koneksi/whatsapp-simulator$': '<rootDir>/simulator/src/simulator.ts',
};

export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{src,test,simulator,client,contracts,packages,scripts}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/simulator/dist', '<rootDir>/client/dist'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Generous, as whatever waits in a test: a busy machine is no fault of what is tested.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/scripts/test-order.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
};
