import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ precompress: true }),
      compilerOptions: {
        runes: ({ filename }) =>
          filename.split(/[/\\]/).includes('node_modules') ? undefined : true,
      },
    }),
  ],
  // One request for each small icon and font would be saved, and the policy would have to allow data: for it.
  build: { assetsInlineLimit: 0 },
  // The look is one for both apps, and lives in the other.
  server: { fs: { allow: ['../client-web/src/lib/look'] } },
})
