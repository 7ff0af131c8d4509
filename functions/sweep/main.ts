import type { Context } from "aws-lambda";
import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings, readStateMachineArn } from "../../src/aws/settings.ts";
import { sweep } from "../../src/jobs/use-cases/sweep.ts";

const { services, logged } = openFunction("sweep", readAwsSettings(), {
  stateMachineArn: readStateMachineArn(),
});

/** What a page that was begun may take, and the function's own end. */
const SPARE_SECONDS = 60;

/**
 * For a schedule, every minute. Asking the queues for their depth keeps their figures awake: of a queue that nobody
 * has touched for six hours SQS reports none, and up to 15 minutes late when it wakes, which would keep workers from starting.
 */
export const handler = logged(async (_event: unknown, context: Context) => {
  const { transcribe, archive } = services.queues;
  await Promise.all([transcribe.depth(), archive.depth()]);
  await sweep(services, { seconds: context.getRemainingTimeInMillis() / 1000 - SPARE_SECONDS });
});
