// Builds the app: hashed files under assets/, the service worker at the root with the list of what it keeps, and each
// file's compressed form beside it, which the server hands out.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const files = (folder) => readdirSync(folder).sort().flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : [path];
});

function finish() {
  let folder;
  return {
    name: 'huella-finish',
    configResolved(config) { folder = config.build.outDir; },
    closeBundle() {
      const worker = join(folder, 'sw.js');
      const kept = files(folder).filter((path) => path !== worker && !path.endsWith('.gz'));
      const hash = createHash('sha256');
      for (const path of kept) hash.update(readFileSync(path));
      const names = kept.map((path) => `/${relative(folder, path)}`).filter((name) => name !== '/index.html');
      const text = readFileSync(worker, 'utf8')
        .replace(/(["'`])FILES\1/, JSON.stringify(['/', ...names]))
        .replace(/(["'`])EDITION\1/, JSON.stringify(hash.digest('hex').slice(0, 16)));
      writeFileSync(worker, text);
      for (const path of [...kept, worker]) {
        if (!path.endsWith('.png')) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [finish()],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rollupOptions: {
      input: { app: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
});
