import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Services } from "../../src/jobs/services.ts";
import { failDeadLetter } from "../../src/jobs/work/index.ts";

/** For the dead letters of `transcribe` and `archive`. A message that could not be dealt with comes back by itself. */
export function makeFailDeadLettersHandler(
  services: Services,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
    for (const { messageId, body } of Records) {
      try {
        await failDeadLetter(services, body);
      } catch (error) {
        services.log.error("dead_letter.failed", { message_id: messageId, error: String(error) });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
