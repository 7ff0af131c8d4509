import type { SNSEvent } from "aws-lambda";
import type { Services } from "../../src/jobs/services.ts";
import { arrive } from "../../src/jobs/work/index.ts";

/** For S3's events of arrivals, handed on by SNS. Where it fails, Lambda calls it again, and then leaves the event to the workers. */
export function makeAcceptArrivalsHandler(services: Services): (event: SNSEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { Sns } of Records) await arrive(services, Sns.Message);
  };
}
