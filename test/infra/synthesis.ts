import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { ScriptoriumStack } from "../../infra/scriptorium-stack.ts";
import { settingsFrom } from "../../infra/settings.ts";

const { context: flags } = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8")) as {
  context: Record<string, unknown>;
};

export interface Made {
  app: App;
  stack: ScriptoriumStack;
}

/** Looks at what is made in an app, less the bundles of functions and copies of assets: nothing is built. */
export function inApp<Found>(settings: Record<string, unknown>, look: (app: App) => Found): Found {
  const outdir = mkdtempSync(join(tmpdir(), "scriptorium-infra-"));
  try {
    const context = {
      ...flags,
      ...settings,
      "aws:cdk:bundling-stacks": [],
      "aws:cdk:disable-asset-staging": true,
    };
    return look(new App({ outdir, context }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Looks at the stack with these settings, as `cdk synth` makes it. */
export function withStack<Found>(settings: Record<string, unknown>, look: (made: Made) => Found): Found {
  return inApp(settings, (app) => {
    const props = settingsFrom(app.node.getAllContext());
    return look({ app, stack: new ScriptoriumStack(app, props.name, props) });
  });
}

/** Each template is made once for all that ask for it. */
const templates = new Map<string, string>();

export function synthesise(settings: Record<string, unknown> = {}): Template {
  const key = JSON.stringify(settings);
  const known = templates.get(key);
  const text =
    known ?? withStack(settings, ({ stack }) => JSON.stringify(Template.fromStack(stack).toJSON()));
  templates.set(key, text);
  return Template.fromString(text);
}
