import {
  type AwsSettings,
  readAwsSettings,
  readModelFacts,
  readStateMachineArn,
} from "../../src/aws/settings.ts";
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
    stateMachineArn: readStateMachineArn(),
  };
}
