import type { Deployed } from "./deployed.ts";
import { STEPS } from "./steps.ts";

export interface SmokeReport {
  proved: string[];
  failed: string[];
  notProved: string[];
}

/** Try every step, one after another, each in a line of its own: what it proved, what failed, or what it lacks. */
export async function smoke(deployed: Deployed, print: (line: string) => void): Promise<SmokeReport> {
  const report: SmokeReport = { proved: [], failed: [], notProved: [] };
  for (const { name, lacks, run } of STEPS) {
    const lack = lacks?.(deployed) ?? null;
    if (lack !== null) {
      report.notProved.push(name);
      print(`not proved  ${name}: it needs ${lack}`);
      continue;
    }
    try {
      print(`proved      ${name}: ${await run(deployed)}`);
      report.proved.push(name);
    } catch (error) {
      report.failed.push(name);
      print(`FAILED      ${name}: ${(error as Error).message}`);
    }
  }
  return report;
}
