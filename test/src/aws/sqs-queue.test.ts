import { setTimeout as pause } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import { SqsQueue } from "../../../src/aws/sqs-queue.ts";
import { describeQueue } from "../../contract/queue.contract.ts";
import { createQueueWithDeadLetters } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";

// For each message that moto hands out it goes through all that it has.
vi.setConfig({ testTimeout: 180_000 });

describeWithMoto("against moto:", () => {
  const openQueues = async () => {
    const { url, deadUrl } = await createQueueWithDeadLetters(3);
    const client = new SQSClient();
    return {
      queue: new SqsQueue({ client, name: "work", url }),
      deadLetters: new SqsQueue({ client, name: "work-dead", url: deadUrl }),
      advance: (seconds: number) => pause(seconds * 1000),
      mayRepeat: true,
    };
  };

  describeQueue("SqsQueue", openQueues);
});
