import eslint from '@eslint/js';
import angular from 'angular-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts'];
const CLIENT = ['client/**/*.ts'];

const readonly = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));
const NODE = readonly(
  'process',
  'console',
  'module',
  'URL',
  'fetch',
  'performance',
  'AbortSignal',
  'setTimeout',
  'clearTimeout',
  'setInterval',
);
/** For what a script runs inside a page. */
const BROWSER = readonly('document', 'localStorage');

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/node_modules/',
    '.angular/',
    'client/.angular/',
    '.data/',
    '.cache/',
    'bench/results/',
  ]),
  {
    files: TYPESCRIPT,
    extends: [eslint.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'simulator/tsconfig.json', 'client/tsconfig.json', 'client/tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // `async` also promises callers that a throw becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowNullish: true }],
      // Codes of libraries are enums there and numbers on the wire.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // `Validators.required` and its like are meant to be passed on.
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // There is one event loop: a pattern that goes back over a text, or starts anew at each character of it, holds up
    // everybody for as long as somebody likes to type.
    files: ['**/*.ts', '**/*.mjs'],
    // Tests read what we wrote ourselves.
    ignores: ['**/*.test.ts', 'test/**', 'simulator/test/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { ignoreSticky: false }],
      'regexp/no-dupe-disjunctions': ['error', { report: 'trivial', reportExponentialBacktracking: 'potential' }],
    },
  },
  {
    // The server opens no connection by itself but to PostgreSQL, to WhatsApp, to the mail server that SMTP_URL names and,
    // by one file that judges where to, to webhooks: there is no other to be led astray.
    files: ['src/**/*.ts', 'ormconfig.ts'],
    // The agent only hands Baileys' uploads to the service of WA_WEB_SOCKET_URL; WhatsApp's site is asked for its version.
    ignores: [
      '**/*.test.ts',
      'src/demo/**',
      'src/wa-session/whatsapp/media-agent.ts',
      'src/wa-session/whatsapp/wa-site.ts',
      'src/webhooks/outgoing-post.ts',
      'src/mail/mailer.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ['http', 'https', 'http2', 'tls', 'dgram', 'undici', 'axios', 'ws', 'got', 'nodemailer'].flatMap(
            (name) => [
              { name, allowTypeImports: true },
              { name: `node:${name}`, allowTypeImports: true },
            ],
          ),
        },
      ],
    },
  },
  {
    // What speaks to a person on a terminal or in a console, or keeps others from it.
    files: [
      'src/run-process.ts',
      'src/run-command.ts',
      'src/wa-session/whatsapp/patches/quiet-console.ts',
      'src/wa-session/whatsapp/patches/quiet-console.test.ts',
      'simulator/src/main.ts',
      'client/src/main.ts',
      'client/src/link/main.ts',
      'bench/**/*.ts',
      'soak/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'simulator/test/**/*.ts'],
    rules: {
      // Bodies of answers and rows of ad-hoc queries are `any`; what they hold is what the test asserts.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: CLIENT,
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      // Angular needs the class behind a type at run time to inject it.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value='zod'] ImportSpecifier[imported.name='z']",
          message: "import * as z from 'zod': the named import brings all of zod into the bundle.",
        },
      ],
    },
  },
  {
    files: ['client/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [eslint.configs.recommended],
    languageOptions: { globals: { ...NODE, ...BROWSER } },
  },
);
