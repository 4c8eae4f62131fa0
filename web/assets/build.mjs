// Builds every entry of web/assets/entries (*.js, *.css) into web/static/build, names with a hash of their content,
// and writes manifest.json: {"page.js": "page-4F2K….js", …}. Pages look their files up there.
// The manifest is written last and at once, old files go after it: a server that is running never sees half a build.
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const assets = dirname(fileURLToPath(import.meta.url));
const project = join(assets, "..", "..");
const target = join(project, "web", "static", "build");
const MANIFEST = "manifest.json";

const entries = (await readdir(join(assets, "entries"))).filter((name) => /\.(js|css)$/.test(name)).sort();

const result = await build({
  absWorkingDir: project,
  entryPoints: entries.map((name) => join(assets, "entries", name)),
  outdir: target,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  sourcemap: "linked",
  legalComments: "linked",
  metafile: true,
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file", ".png": "file" },
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint?.startsWith("web/assets/entries/")) {
    manifest[basename(output.entryPoint)] = basename(path);
    // A script that imports styles: esbuild puts them into a file of their own.
    if (output.cssBundle) manifest[basename(output.entryPoint).replace(/\.js$/, ".js.css")] = basename(output.cssBundle);
  }
}

await mkdir(target, { recursive: true });
await writeFile(join(target, MANIFEST + ".new"), JSON.stringify(manifest, null, 2) + "\n");
await rename(join(target, MANIFEST + ".new"), join(target, MANIFEST));

const fresh = new Set([MANIFEST, ...Object.keys(result.metafile.outputs).map((path) => basename(path))]);
for (const name of await readdir(target)) {
  if (!fresh.has(name)) await rm(join(target, name), { recursive: true });
}

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`${entries.length} entries, ${fresh.size - 1} files, ${Math.round(bytes / 1024)} KiB in web/static/build`);
