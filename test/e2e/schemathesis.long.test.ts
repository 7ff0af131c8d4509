import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { startService } from "./support/local-service.ts";
import { runSchemathesis } from "./support/schemathesis.ts";

/** Of a machine that has it (.ci/run installs it); elsewhere there is nothing to run. */
function installed(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const PROGRAM = process.env.SCHEMATHESIS ?? "schemathesis";
const EXAMPLES = Number(process.env.SCHEMATHESIS_EXAMPLES ?? 12);

test.runIf(process.env.CI || installed(PROGRAM))(
  "Schemathesis gets no answer that the document does not know from the running service",
  { timeout: 1_200_000 },
  async () => {
    const { url, access } = await startService({
      worker: null,
      limits: { requestsPerMinute: 1_000_000_000 },
    });
    const { code, output } = await runSchemathesis({
      program: PROGRAM,
      url,
      key: access.key,
      examples: EXAMPLES,
    });
    expect(code, output).toBe(0);
  },
);
