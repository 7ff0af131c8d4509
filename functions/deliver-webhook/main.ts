import { openFunction } from "../../src/aws/lambda.ts";
import { readAwsSettings } from "../../src/aws/settings.ts";
import { makeDeliverWebhookHandler } from "./handler.ts";
import { makeHttpPost } from "./post.ts";

const { services, logged } = openFunction("deliver-webhook", readAwsSettings());

/** For the webhooks queue, with partial batch responses. */
export const handler = logged(makeDeliverWebhookHandler(services, makeHttpPost()));
