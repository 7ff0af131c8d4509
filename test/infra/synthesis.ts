import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll } from "vitest";
import { propsFrom } from "../../infra/props.ts";
import { ScriptoriumStack } from "../../infra/scriptorium-stack.ts";

const { context: flags } = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8")) as {
  context: Record<string, unknown>;
};

const OUTPUT = mkdtempSync(join(tmpdir(), "scriptorium-infra-"));
afterAll(() => rmSync(OUTPUT, { recursive: true, force: true }));

/** The stack with these settings, as `cdk synth` makes it, less the bundles of functions: nothing is built. */
export function makeStack(settings: Record<string, unknown> = {}): { app: App; stack: ScriptoriumStack } {
  const app = new App({
    outdir: mkdtempSync(join(OUTPUT, "cdk.out-")),
    context: { ...flags, ...settings, "aws:cdk:bundling-stacks": [] },
  });
  const props = propsFrom(app.node.getAllContext());
  return { app, stack: new ScriptoriumStack(app, props.name, props) };
}

export function synthesise(settings: Record<string, unknown> = {}): Template {
  return Template.fromStack(makeStack(settings).stack);
}
