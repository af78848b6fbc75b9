import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{engine,rules,host,cli,server,client,schemas,test}/**/*.test.ts'],
          exclude: ['test/shared/**'],
          testTimeout: 30_000,
          // Whoever needs the server's bundle may have to build it.
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'shared', include: ['test/shared/**/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
});
