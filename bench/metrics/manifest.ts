import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A recording to score, and what is said in it. */
export interface ManifestRow {
  /** Of the audio file, resolved against the manifest's folder. */
  path: string;
  /** Empty where nobody speaks. */
  transcript: string;
  /** All cells by column, as written: speaker, split, duration_s… */
  columns: Readonly<Record<string, string>>;
  /** From 1, the header being line 1 of a file that begins with it. */
  line: number;
}

/** A manifest that cannot be used; the message names the file and the line. */
export class ManifestError extends Error {
  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.name = "ManifestError";
  }
}

const REQUIRED = ["path", "transcript"];

export async function readManifest(file: string): Promise<ManifestRow[]> {
  return parseManifest(await readFile(file, "utf8"), file);
}

/**
 * Tab-separated, no quoting, a header row that names at least `path` and `transcript`; blank lines do not count.
 * `file` is where the text was read from: paths are relative to its folder. Throws ManifestError.
 */
export function parseManifest(text: string, file: string): ManifestRow[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((content, index) => ({ cells: content.split("\t"), line: index + 1, blank: content.trim() === "" }))
    .filter(({ blank }) => !blank);
  const [header, ...rows] = lines;
  if (!header) throw new ManifestError(file, 1, "there is no header row");
  const names = header.cells.map((name) => name.trim());
  const problem = headerProblem(names);
  if (problem) throw new ManifestError(file, header.line, problem);
  if (rows.length === 0) throw new ManifestError(file, header.line, "there are no rows under the header");
  return rows.map(({ cells, line }) => {
    if (cells.length !== names.length) {
      throw new ManifestError(
        file,
        line,
        `${cells.length} cells, but the header has ${names.length} columns`,
      );
    }
    const columns = Object.fromEntries(names.map((name, at) => [name, cells[at].trim()]));
    const { path, transcript } = columns as { path: string; transcript: string };
    if (path === "") throw new ManifestError(file, line, "the path is empty");
    return { path: resolve(dirname(file), path), transcript, columns, line };
  });
}

function headerProblem(names: readonly string[]): string | null {
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0)
    return `the header has no column ${missing.map((name) => `“${name}”`).join(" and no ")}`;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  return twice === undefined ? null : `the header has two columns “${twice}”`;
}
