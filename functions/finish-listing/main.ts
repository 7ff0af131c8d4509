import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeFinishListingHandler } from "./handler.ts";

const { services, logged } = openFunction("finish-listing", readAwsSettings());

/** For the last step of the state machine. */
export const handler = logged(makeFinishListingHandler(services));
