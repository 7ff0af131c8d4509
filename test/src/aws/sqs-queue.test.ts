import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { SqsQueue } from "../../../src/aws/sqs-queue.ts";
import { describeQueue } from "../../contract/queue.contract.ts";
import { createQueueWithDeadLetters } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";

// For each message that moto hands out it goes through all that it has.
vi.setConfig({ testTimeout: 180_000 });

describeWithMoto("against moto:", (moto) => {
  const openQueues = async () => {
    const { url, deadUrl } = await createQueueWithDeadLetters(3);
    const client = new SQSClient();
    let ahead = 0;
    const now = () => performance.now() + ahead;
    return {
      queue: new SqsQueue({ client, name: "work", url, now }),
      deadLetters: new SqsQueue({ client, name: "work-dead", url: deadUrl, now }),
      advance: async (seconds: number) => {
        ahead += seconds * 1000;
        await moto().advanceQueues(seconds);
      },
      mayRepeat: true,
    };
  };

  test("tells SQS whose message it is, under a name that SQS takes", async () => {
    const { url } = await createQueueWithDeadLetters(3);
    const client = new SQSClient();
    const queue = new SqsQueue({ client, name: "work", url });
    await queue.send("one", { owner: "ada" });
    await queue.sendMany(["two", "three"], { owner: "Ä".repeat(300) });
    await queue.send("four");
    const groups: Record<string, string | undefined> = {};
    while (Object.keys(groups).length < 4) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["MessageGroupId"],
        }),
      );
      for (const { Body = "", Attributes } of Messages) groups[Body] = Attributes?.MessageGroupId;
    }
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(groups).toEqual({ one: "ada", two: digest, three: digest, four: undefined });
    expect(groups.two).toBe(groups.three);
  });

  describeQueue("SqsQueue", openQueues);
});
