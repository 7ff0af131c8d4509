import { openFunction } from "../../src/aws/lambda.ts";
import { awsWebhookSlots } from "../../src/aws/services.ts";
import { readAwsSettings, readWebhooksPerOwner } from "../../src/aws/settings.ts";
import { limitedPost } from "../../src/jobs/webhooks/limited-post.ts";
import { makeDeliverWebhookHandler } from "./handler.ts";
import { makeHttpPost } from "./post.ts";

const aws = readAwsSettings();
const { services, logged } = openFunction("deliver-webhook", aws);
const slots = awsWebhookSlots(aws, readWebhooksPerOwner());

/** For the webhooks queue, with partial batch responses. */
export const handler = logged(makeDeliverWebhookHandler(services, limitedPost(makeHttpPost(), slots)));
