import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeListSourceHandler } from "./handler.ts";

const { services, logged } = openFunction("list-source", readAwsSettings());

/** For the first steps of the state machine, where the source is in another region or account. */
export const handler = logged(makeListSourceHandler(services));
