import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { occurrences, type Reference, readSource, type SourceFile } from "./support/source-file.ts";

/** The arrows of docs/architecture.md, checked on the source as it stands. Paths are relative to the root, with `/`. */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MOST_LINES = 300;

const ENVIRONMENT = "process . env | process ? . env | process [ * | env } = process";
const IMPURE = "Date . now | new Date ( ) | performance . now | Math . random | randomUUID (";

// The rules.

const under = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
/** `src/asr`, `functions`… */
const area = (path: string) => /^(?:src\/)?[^/]+/.exec(path)?.[0] ?? "";
/** Within src/asr: the first folder or file. */
const room = (path: string) => /^src\/asr\/([\w-]+)/.exec(path)?.[1] ?? "";

const LOWER_ROOMS = [
  "audio",
  "segments",
  "pack",
  "language-model",
  "beam",
  "rescoring",
  "words",
  "written",
  "punctuation",
  "readable",
];
const UPPER_ROOMS = ["inference", "engine", "transcriber", "transcribe", "index"];
const SDKS = /^(@aws-|@smithy\/|aws-|@hono\/|hono($|\/)|onnxruntime)/;
/** Where an area's arrows may lead, besides itself. What src holds imports nothing that is deployed. */
const ARROWS: Record<string, string[]> = {
  "src/asr": [],
  "src/formats": [],
  "src/jobs": ["src/formats"],
  "src/aws": ["src/formats", "src/jobs"],
  "src/local": ["src/formats", "src/jobs"],
  "src/net": ["src/jobs"],
  functions: ["src/aws", "src/formats", "src/jobs", "src/net"],
  containers: ["src/asr", "src/aws", "src/formats", "src/jobs", "src/net"],
  infra: ["src/aws", "src/jobs", "web"],
  // Clients of the public API and of nothing else.
  clients: [],
  web: [],
  local: ["functions", "web", "containers", "src/asr", "src/formats", "src/jobs", "src/local"],
  cli: ["local", "src/asr", "src/aws", "src/formats", "src/jobs", "src/local"],
  bench: ["infra", "local", "src/asr", "src/aws", "src/formats", "src/jobs", "src/local"],
};
const ROOTS = [...new Set(Object.keys(ARROWS).map((path) => path.split("/")[0]))];
const SHIPPED = ["src", "functions", "containers", "infra", "local", "cli", "web"];

/** What is wrong with a reference, as the end of a sentence; nothing where all is well. */
function faults(from: string, { specifier, kind }: Reference): string[] {
  const relative = /^\.{0,2}\//.test(specifier);
  const home = area(from);
  if (!relative) {
    const node = specifier.startsWith("node:") || builtinModules.includes(specifier);
    if (home === "src/formats") return ["which may import nothing from outside"];
    if (home === "src/jobs" && (node || SDKS.test(specifier))) return ["a Node module or SDK"];
    return /^(node:)?process$/.test(specifier) ? ["which hides the environment: use the global process"] : [];
  }
  const target = posix.join(posix.dirname(from), specifier);
  const goal = area(target);
  // Infra names the entries of Lambdas by URL, which is not to run them.
  const entry = home === "infra" && goal === "functions" && kind === "url";
  const allowed = goal === home || !(goal in ARROWS) || ARROWS[home]?.includes(goal) || entry;
  const wrong: [boolean, string][] = [
    [kind === "import" && !/\.(tsx?|json)$/.test(specifier), "without .ts at its end"],
    [!allowed, `which ${home} may not import`],
    [under(from, ...SHIPPED) && goal === "test", "which is not shipped"],
    [LOWER_ROOMS.includes(room(from)) && UPPER_ROOMS.includes(room(target)), "which stands above it"],
  ];
  return wrong.filter(([applies]) => applies).map(([, fault]) => fault);
}

/** Files that import each other in a ring: at least one ring of each knot. */
function rings(files: SourceFile[]): string[] {
  const targets = ({ path, references }: SourceFile) =>
    references
      .filter(({ kind, specifier }) => kind === "import" && specifier.startsWith("."))
      .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
  const edges = new Map(files.map((file) => [file.path, targets(file)]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of [...edges.keys()].sort()) visit(path, []);
  return found;
}

/** What is wrong with a file in itself. */
function flaws({ path, tokens, lines }: SourceFile): string[] {
  if (!under(path, ...SHIPPED)) return [];
  const has = (patterns: string) => occurrences(tokens, patterns).length > 0;
  const settings = posix.basename(path) === "settings.ts";
  const wrong: [boolean, string][] = [
    [has(ENVIRONMENT) && !settings, "reads process.env, which only settings.ts may"],
    [has(IMPURE) && under(path, "src/formats", "src/jobs"), "has a clock or randomness of its own"],
    [lines > MOST_LINES, `has ${lines} lines`],
  ];
  return wrong.filter(([applies]) => applies).map(([, flaw]) => `${path} ${flaw}`);
}

function violations(sources: Record<string, string>): string[] {
  const files = Object.entries(sources).map(([path, source]) => readSource(path, source));
  const arrows = files.flatMap(({ path, references }) =>
    references.flatMap((r) => faults(path, r).map((fault) => `${path} imports ${r.specifier}, ${fault}`)),
  );
  return [...arrows, ...rings(files).map((ring) => `in a ring: ${ring}`), ...files.flatMap(flaws)];
}

function readProject(): Record<string, string> {
  const patterns = ROOTS.map((root) => `${root}/**/*.{ts,tsx}`);
  const paths = globSync(patterns, { cwd: ROOT, exclude: ["**/node_modules/**", "**/cdk.out/**"] });
  // To a reader of tokens, the slash of an element's end begins a regular expression.
  const read = (path: string) => readFileSync(posix.join(ROOT, path), "utf8").replaceAll("</", "<");
  return Object.fromEntries(paths.sort().map((path) => [path.replaceAll(sep, "/"), read(path)]));
}

describe("the architecture", () => {
  const project = readProject();

  test("holds", () => {
    expect(violations(project)).toEqual([]);
  });

  test("is checked in every folder with source", () => {
    const ignored = ["**/node_modules/**", "cdk.out/**", "test/**"];
    const folders = globSync("*/**/*.ts", { cwd: ROOT, exclude: ignored }).map((path) => path.split(sep)[0]);
    expect([...new Set(folders)].sort()).toEqual([...ROOTS].sort());
  });

  test("is checked on files that are there", () => {
    expect(Object.keys(project)).toContain("src/formats/index.ts");
    expect(
      readSource("src/formats/index.ts", project["src/formats/index.ts"]).references.length,
    ).toBeGreaterThan(5);
  });
});

describe("the checker", () => {
  const specifiers = (source: string) =>
    readSource("src/a/a.ts", source).references.map((r) => `${r.kind} ${r.specifier}`);

  test.each([
    ['import "./a.ts";', "import ./a.ts"],
    ['import type { A } from "./a.ts";', "import ./a.ts"],
    ["import {\n  a, // from './no.ts'\n} from './a.ts'", "import ./a.ts"],
    ['export * from "./a.ts";export{b}from"./b.ts"', "import ./a.ts", "import ./b.ts"],
    ['const a = await import("./a.ts"); let b: import("./b.ts").B;', "import ./a.ts", "import ./b.ts"],
    ["await import(`./a.ts`)", "import ./a.ts"],
    ['createRequire(import.meta.url); require("fs")', "import fs"],
    ['new Worker(new URL("./w.ts", import.meta.url))', "url ./w.ts"],
    ["`$" + '{await import("./a.ts")} from "./no.ts" $' + '{"}`"}`', "import ./a.ts"],
    ['const glob = "src/**/*.ts"; import("./a.ts"); /* */', "import ./a.ts"],
    ['const r = /["\'/*`]/g.test(a) / b; import("./a.ts")', "import ./a.ts"],
    ['const r = a / b; const s = ")/"; import("./a.ts") // "', "import ./a.ts"],
  ])("finds every import of %s", (source, ...expected) => {
    expect(specifiers(source).sort()).toEqual(expected);
  });

  test.each([
    ['// import "./a.ts"'],
    ['/* import "./a.ts" */'],
    ["const text = 'import \"./a.ts\"';"],
    ["const text = `import './a.ts' $" + "{1} from './b.ts'`;"],
    [
      'Array.from("abc"); new URL("https://a.b/c.ts"); new URL("./c.ts", base); new URL("../models/", import.meta.url)',
    ],
  ])("finds no import in %s", (source) => {
    expect(specifiers(source)).toEqual([]);
  });

  test.each([
    ["src/asr/beam/a.ts", 'import "../../formats/index.ts"', "which src/asr may not import"],
    ["src/formats/a.ts", 'import "../asr/errors.ts"', "which src/formats may not import"],
    ["src/formats/a.ts", 'import "node:path"', "nothing from outside"],
    ["src/formats/a.ts", 'import "zod"', "nothing from outside"],
    ["src/jobs/a.ts", 'import type { S } from "@aws-sdk/client-s3"', "or SDK"],
    ["src/jobs/a.ts", 'import { randomUUID } from "crypto"', "a Node module"],
    ["src/jobs/a.ts", 'import "../aws/s3.ts"', "which src/jobs may not import"],
    ["src/aws/a.ts", 'import "../local/database.ts"', "which src/aws may not import"],
    ["src/local/a.ts", 'import "../../local/log.ts"', "which src/local may not import"],
    ["src/aws/a.ts", 'import "../../functions/api/main.ts"', "which src/aws may not import"],
    ["functions/a.ts", 'import "../src/asr/index.ts"', "which functions may not import"],
    ["functions/a.ts", 'import "../src/local/database.ts"', "which functions may not import"],
    ["containers/worker/a.ts", 'import "../../functions/api/app.ts"', "which containers may not import"],
    ["infra/a.ts", 'import "../functions/api/main.ts"', "which infra may not import"],
    ["infra/a.ts", 'new URL("../local/a.ts", import.meta.url)', "which infra may not import"],
    ["local/a.ts", 'import "../cli/main.ts"', "which local may not import"],
    ["local/a.ts", 'import "../src/aws/sqs-queue.ts"', "which local may not import"],
    ["cli/a.ts", 'import "../functions/api/app.ts"', "which cli may not import"],
    ["cli/a.ts", 'await import("../infra/app.ts")', "which cli may not import"],
    ["bench/a.ts", 'import "../containers/worker/main.ts"', "which bench may not import"],
    ["web/a.ts", 'import "../src/formats/index.ts"', "which web may not import"],
    ["src/aws/a.ts", 'import "../../test/fixtures/a.ts"', "not shipped"],
    ["local/a.ts", 'new URL("../bench/a.ts", import.meta.url)', "which local may not import"],
    ["src/asr/words/a.ts", 'import type { E } from "../engine/engine.ts"', "above it"],
    ["src/asr/beam.ts", 'import "./inference/score.ts"', "above it"],
    ["src/asr/audio/a.ts", 'import "../transcriber.ts"', "above it"],
    ["bench/a.ts", 'import "./b"', "without .ts"],
    ["src/aws/a.ts", "const { HOME } = process.env", "only settings.ts"],
    ["src/aws/a.ts", 'const home = process["env"].HOME', "only settings.ts"],
    ["src/aws/a.ts", "const { env } = process;", "only settings.ts"],
    ["functions/api/a.ts", "process.env.TABLE", "only settings.ts"],
    ["cli/a.ts", "process.env.HOME", "only settings.ts"],
    ["src/jobs/a.ts", "const now = new Date();", "a clock"],
    ["src/formats/a.ts", "Math.random()", "randomness"],
    ["src/aws/a.ts", 'import { env } from "node:process"', "hides the environment"],
  ])("%s: %s is refused", (path, source, reason) => {
    const found = violations({ [path]: source });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(reason);
  });

  test("counts lines", () => {
    expect(violations({ "src/aws/a.ts": "//\n".repeat(MOST_LINES) })).toEqual([]);
    expect(violations({ "src/aws/a.ts": "//\n".repeat(MOST_LINES + 1) })).toEqual([
      "src/aws/a.ts has 301 lines",
    ]);
  });

  test("finds rings, of types too, but not through a worker's URL", () => {
    const ring = { "src/a/a.ts": 'import "./b.ts"', "src/a/b.ts": 'export * from "../c/c.ts"' };
    expect(violations({ ...ring, "src/c/c.ts": 'import type { A } from "../a/a.ts"' })).toEqual([
      "in a ring: src/a/a.ts → src/a/b.ts → src/c/c.ts → src/a/a.ts",
    ]);
    expect(violations({ ...ring, "src/c/c.ts": 'new URL("../a/a.ts", import.meta.url)' })).toEqual([]);
  });

  test("lets pass what is allowed", () => {
    const allowed = {
      "src/asr/transcriber.ts": 'import "./inference/score.ts"; import "onnxruntime-node"; import "node:fs"',
      "src/jobs/create.ts": 'import "../formats/index.ts"; import "./ports.ts"; import { z } from "zod"',
      "src/jobs/times.ts": "new Date(0)",
      "src/aws/clock.ts": "Date.now()",
      "functions/api/version.ts": 'import manifest from "../../package.json" with { type: "json" }',
      "cli/main.ts":
        'import "../src/asr/x.ts"; import "../src/jobs/x.ts"; import "../local/x.ts"; import "../src/local/x.ts"',
      "cli/settings.ts": "export const device = process.env.SCRIPTORIUM_DEVICE; // process.env",
      "local/server.ts": 'import "../functions/api/app.ts"; import "../containers/worker/poll.ts"',
      "src/aws/text.ts": `${"\n".repeat(299)}const text = "process.env";`,
      "functions/api/main.ts": 'import "./app.ts"; import "../../src/aws/s3.ts"',
      "infra/api.ts": 'new URL("../functions/api/main.ts", import.meta.url)',
      "bench/main.ts": 'import "../src/asr/x.ts"; import "../test/fixtures/tone.ts"',
    };
    expect(violations(allowed)).toEqual([]);
  });
});
