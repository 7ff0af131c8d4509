import { type AwsSettings, readAwsSettings, readModelFacts, required } from "../../src/aws/settings.ts";
import type { ModelSummary } from "../../src/jobs/ports/index.ts";

export interface ApiSettings {
  aws: AwsSettings;
  models: ModelSummary[];
  stateMachineArn: string;
}

/** Throws InvalidRequestError naming the variable. */
export function readApiSettings(): ApiSettings {
  return {
    aws: readAwsSettings(),
    models: readModelFacts(),
    stateMachineArn: required("SCRIPTORIUM_ARCHIVE_STATE_MACHINE_ARN"),
  };
}
