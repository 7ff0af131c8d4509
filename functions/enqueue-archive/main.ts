import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings, readModelFacts } from "../../src/aws/settings.ts";
import { makeEnqueueArchiveHandler } from "./handler.ts";

const { services, logged } = openFunction("enqueue-archive", readAwsSettings(), {
  models: readModelFacts(),
});

/** For batches of items of the Distributed Map. */
export const handler = logged(makeEnqueueArchiveHandler(services));
