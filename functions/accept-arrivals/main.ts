import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeAcceptArrivalsHandler } from "./handler.ts";

const { services, logged } = openFunction("accept-arrivals", readAwsSettings());

/** For S3's events of arrivals, by way of SNS. */
export const handler = logged(makeAcceptArrivalsHandler(services));
