import { App } from "aws-cdk-lib";
import { ScriptoriumStack } from "./scriptorium-stack.ts";
import { placeOf, SettingsError, settingsFrom } from "./settings.ts";

/** `npx cdk synth`, `npx cdk deploy`: settings come as context, see settings.ts. */
const app = new App();
try {
  const props = settingsFrom(app.node.getAllContext());
  // Known to the CLI where there are credentials; without a region there would be two zones only.
  const { account, region } = placeOf();
  new ScriptoriumStack(app, props.name, props, {
    tags: { service: "scriptorium" },
    ...(account && region && { env: { account, region } }),
  });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
