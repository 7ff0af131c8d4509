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
  /** Said by the content delivery network in front of the API; null where there is none. */
  edgeSecret: string | null;
}

/** Throws InvalidRequestError naming the variable. */
export function readApiSettings(): ApiSettings {
  return {
    aws: readAwsSettings(),
    models: readModelFacts(),
    stateMachineArn: readStateMachineArn(),
    edgeSecret: process.env.SCRIPTORIUM_EDGE_SECRET || null,
  };
}
