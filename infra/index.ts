/** What a CDK app of one's own needs: docs/deploy.md, "In an app of your own". */
export { EdgeAcl } from "./edge-acl.ts";
export { Scriptorium, type ScriptoriumProps, type SourceBucketOptions } from "./scriptorium.ts";
export { ScriptoriumStack } from "./scriptorium-stack.ts";
export { SettingsError } from "./settings.ts";
