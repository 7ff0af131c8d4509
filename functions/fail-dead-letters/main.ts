import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeFailDeadLettersHandler } from "./handler.ts";

const { services, logged } = openFunction("fail-dead-letters", readAwsSettings());

/** For the dead letters of `transcribe` and `archive`, with partial batch responses. */
export const handler = logged(makeFailDeadLettersHandler(services));
