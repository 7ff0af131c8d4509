import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { openDeadLetters } from "../../../src/aws/dead-letters.ts";
import { SqsQueue } from "../../../src/aws/sqs-queue.ts";
import { runCommand } from "../../cli/run-command.ts";
import { arnOf, createQueue, createQueueWithDeadLetters } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";

describeWithMoto("dead letters on SQS", () => {
  test("go back to the queue that they came from, each once", async () => {
    const { url, deadUrl } = await createQueueWithDeadLetters(5);
    const client = new SQSClient();
    const dead = new SqsQueue({ client, name: "dead", url: deadUrl });
    const bodies = Array.from({ length: 23 }, (_, index) => `message ${index}`);
    await dead.sendMany(bodies);
    const { code, stdout } = await runCommand("admin", "redrive", await arnOf(deadUrl), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 23 });
    expect(await dead.depth()).toMatchObject({ visible: 0, inFlight: 0 });
    expect(await new SqsQueue({ client, name: "queue", url }).depth()).toMatchObject({ visible: 23 });
  });

  test("of a queue that is nobody's are left where they are", async () => {
    const arn = await arnOf(await createQueue());
    await expect(openDeadLetters(new SQSClient(), arn)).rejects.toThrow(/0 queues send their dead letters/);
    const { code, stderr } = await runCommand("admin", "redrive", "my-queue");
    expect([code, stderr]).toEqual([2, expect.stringContaining("is not the ARN of a queue")]);
  });
});
