// Bundles src/main.tsx with the packages of the folder it is run in: node build.mjs SOURCE_FOLDER OUT_FOLDER
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [source, out] = process.argv.slice(2).map((each) => path.resolve(each));
const packages = path.join(process.cwd(), 'node_modules');
const esbuild = createRequire(path.join(packages, 'x.js'))('esbuild');

await esbuild.build({
  entryPoints: { main: path.join(source, 'src', 'main.tsx') },
  outdir: out,
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  jsx: 'automatic',
  nodePaths: [packages],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}', global: 'globalThis' },
  alias: { 'react-router-dom-v5-compat': path.join(source, 'src', 'router-shim.js') },
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff2': 'dataurl', '.woff': 'dataurl', '.png': 'dataurl' },
  logLevel: 'error',
});
