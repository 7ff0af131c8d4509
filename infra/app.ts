import { App } from "aws-cdk-lib";
import { propsFrom, SettingsError } from "./props.ts";
import { ScriptoriumStack } from "./scriptorium-stack.ts";

/** `npx cdk synth`, `npx cdk deploy`: settings come as context, see props.ts. */
const app = new App();
try {
  const props = propsFrom(app.node.getAllContext());
  new ScriptoriumStack(app, props.name, props, { tags: { service: "scriptorium" } });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
