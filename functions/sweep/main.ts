import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings, readStateMachineArn } from "../../src/aws/settings.ts";
import { sweep } from "../../src/jobs/use-cases/sweep.ts";

const { services, logged } = openFunction("sweep", readAwsSettings(), {
  stateMachineArn: readStateMachineArn(),
});

/**
 * For a schedule, every minute. Asking the queues for their depth keeps their figures awake: of a queue that nobody
 * has touched for six hours SQS reports none, and up to 15 minutes late when it wakes, which would keep workers from starting.
 */
export const handler = logged(async () => {
  const { transcribe, archive } = services.queues;
  await Promise.all([transcribe.depth(), archive.depth()]);
  await sweep(services);
});
