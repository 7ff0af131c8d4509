import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { sweep } from "../../src/jobs/use-cases/sweep.ts";

const { services, logged } = openFunction("sweep", readAwsSettings());

/** For a schedule, every minute. */
export const handler = logged(async () => {
  await sweep(services);
});
