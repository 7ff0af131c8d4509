import type { Context } from "aws-lambda";
import { openFunction } from "../../src/aws/lambda.ts";
import { publishWaiting } from "../../src/aws/powertools-metrics.ts";
import { readAwsSettings, readStateMachineArn } from "../../src/aws/settings.ts";
import { sweep } from "../../src/jobs/use-cases/sweep.ts";
import { waitingAudio } from "../../src/jobs/use-cases/waiting-audio.ts";

const { services, emf, logged } = openFunction("sweep", readAwsSettings(), {
  stateMachineArn: readStateMachineArn(),
});

/** What a page that was begun may take, and the function's own end. */
const SPARE_SECONDS = 60;

/**
 * For a schedule, every minute. Asking the queues for their depth keeps their figures awake: of a queue that nobody
 * has touched for six hours SQS reports none, and up to 15 minutes late when it wakes, which would keep workers from starting.
 */
export const handler = logged(async (_event: unknown, context: Context) => {
  // First: workers must come although what is due takes its time, or fails.
  await tellWaiting();
  await sweep(services, { seconds: context.getRemainingTimeInMillis() / 1000 - SPARE_SECONDS });
});

/** Without this figure there are fewer workers, not none: they are counted by messages too. */
async function tellWaiting(): Promise<void> {
  try {
    publishWaiting(emf, await waitingAudio(services));
  } catch (error) {
    services.log.warn("sweep.not_measured", { error: String(error) });
  }
}
