import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Used as `vite renderer` and `vite build renderer`: paths are relative to this folder.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: '../out/renderer', emptyOutDir: true, chunkSizeWarningLimit: 1500 },
});
