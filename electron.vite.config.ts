import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);
const targets = { node: 'node24', page: 'chrome152' };

const entries = {
  main: at('electron/main/main.ts'),
  'engine-worker': at('electron/main/engine-worker.ts'),
  cli: at('cli/main.ts'),
};

/** ws loads Node's TLS for addresses that are never asked for here (wss:), 5 MiB: in the bundle it does so when it calls it. */
const lazyTls = {
  name: 'lazy-tls',
  transform(code: string, id: string): string | null {
    if (!id.endsWith('/ws/lib/websocket.js')) return null;
    return ['https.request', 'tls.connect'].reduce((text, call) => {
      const [name = '', method = ''] = call.split('.');
      const line = `const ${name} = require('${name}');`;
      if (!text.includes(line)) throw new Error(`ws no longer has the line ${line}`);
      const lazy = `(...args) => process.getBuiltinModule('node:${name}').${method}(...args)`;
      return text.replace(line, `const ${name} = { ${method}: ${lazy} };`);
    }, code);
  },
};

/** `dependencies` stay outside, they hold native files or are read by path; all other packages are bundled. */
export default defineConfig({
  main: {
    plugins: [lazyTls],
    build: {
      outDir: at('out/main'),
      target: targets.node,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
        // Optional natives of ws, which does without them where the require fails.
        external: ['bufferutil', 'utf-8-validate'],
        // Chunks lie beside the entries: code finds its neighbours by import.meta.dirname. V8 keeps the text of a module for as long as it lives, at two
        // bytes a character where one of them is not Latin-1.
        output: {
          format: 'es',
          charset: 'ascii',
          comments: { legal: true, annotation: true, jsdoc: false },
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      target: targets.node,
      externalizeDeps: false,
      lib: { entry: at('electron/preload/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      target: targets.page,
      minify: true,
      // From disk, not over a network: one file is as good as ten.
      chunkSizeWarningLimit: 2500,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
