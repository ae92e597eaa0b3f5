// Builds what the browser loads: one stylesheet, one script, and the icons that pages use.
// Called by yinling/web/assets.py, which decides whether anything has changed:
//   node build.mjs OUT_DIR < {"icons": ["users", …], "styles": "path/look.css"}
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const wanted = JSON.parse(await text(process.stdin));

// Clerks' browsers are old: 360 and WeChat on Chromium 86 and up.
const target = ["chrome86", "firefox91", "safari14"];

async function styles() {
  await build({ entryPoints: [wanted.styles], bundle: true, minify: true, target, outfile: join(out, "look.css"), logLevel: "error" });
}

async function scripts() {
  await build({
    entryPoints: {
      app: join(here, "src/app.ts"),
      shifts: join(here, "src/shifts.ts"), // the carer's day, kept on the phone
      "shifts-worker": join(here, "src/shifts-worker.ts"),
      planner: join(here, "src/planner.ts"), // dragging a visit on the planner's page
      visits: join(here, "src/visits/app.ts"), // the visitor's app
      "visits-worker": join(here, "src/visits/worker.ts"),
    },
    bundle: true, minify: true, target, format: "iife", outdir: out, legalComments: "none", logLevel: "error",
  });
}

/** The shapes inside each icon, as the markup that goes between <svg> and </svg>. */
async function icons() {
  const nodes = JSON.parse(await readFile(join(here, "node_modules/@tabler/icons/tabler-nodes-outline.json"), "utf8"));
  const shapes = {};
  for (const name of wanted.icons) {
    shapes[name] = nodes[name].map(([tag, attributes]) => `<${tag}${Object.entries(attributes).map(([k, v]) => ` ${k}="${v}"`).join("")}/>`).join("");
  }
  await writeFile(join(out, "icons.json"), JSON.stringify(shapes));
}

await mkdir(out, { recursive: true });
await Promise.all([styles(), scripts(), icons()]);
