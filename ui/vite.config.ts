import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

// The engine serves what is built here from its own package; nothing is loaded from elsewhere.
const engine = process.env.CCENGINE_URL ?? 'http://127.0.0.1:8080'

/** A plain script, not a module: it must run before the first paint. */
const appearance: Plugin = {
  name: 'appearance',
  transformIndexHtml: () => [
    { tag: 'script', attrs: { src: './appearance.js' }, injectTo: 'head' },
  ],
}

export default defineConfig({
  base: './',
  plugins: [vue(), appearance],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../ccengine/web/static',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: engine },
      '/ws': { target: engine, ws: true },
    },
  },
})
