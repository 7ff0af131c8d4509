import { execFile } from "node:child_process";

export interface SchemathesisRun {
  /** Program that `pip install schemathesis` brought. */
  program: string;
  url: string;
  key: string;
  /** For each call. */
  examples: number;
}

/** What an answer must be: foreseen, of a status, a type and a shape that the document knows. */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "response_headers_conformance",
].join(",");

/**
 * Calls that hold their answer back until a worker is done, or that would revoke the very key of the run: the random
 * requests of test/functions/api/fuzz.test.ts have them.
 */
const EXCEPT = ["/v1/audio/transcriptions", "/v1/keys/{id}"];

/** Ask a running service whatever its document allows, and some of what it does not. */
export function runSchemathesis(run: SchemathesisRun): Promise<{ code: number; output: string }> {
  const { program, url, key, examples } = run;
  const options = [
    ["--header", `Authorization: Bearer ${key}`],
    ["--phases", "examples,fuzzing"],
    ["--checks", CHECKS],
    ["--max-examples", String(examples)],
    ["--seed", "1"],
    ["--request-timeout", "60"],
    ["--suppress-health-check", "all"],
    ["--warnings", "off"],
    ...EXCEPT.map((path) => ["--exclude-path", path]),
  ].flat();
  const args = [
    "run",
    `${url}/openapi.json`,
    "--continue-on-failure",
    "--no-color",
    "--no-shrink",
    ...options,
  ];
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}
