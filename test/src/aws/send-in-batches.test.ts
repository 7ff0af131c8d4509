import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { SqsQueue } from "../../../src/aws/sqs-queue.ts";

interface Entry {
  Id: string;
  MessageBody: string;
}

/** A queue whose calls are answered here: `failing` says which of a call's entries SQS does not take. */
function openQueue(failing: (entries: Entry[], call: number) => { Id: string; SenderFault: boolean }[]) {
  const client = new SQSClient({ region: "eu-central-1" });
  const calls: Entry[][] = [];
  client.middlewareStack.add(() => async ({ input }) => {
    const { Entries } = input as unknown as { Entries: Entry[] };
    calls.push(Entries);
    const failed = failing(Entries, calls.length).map((one) => ({ ...one, Code: "x", Message: "no" }));
    return { response: {}, output: { $metadata: {}, Failed: failed, Successful: [] } } as never;
  });
  return { queue: new SqsQueue({ client, name: "work", url: "https://sqs/work" }), calls };
}

test("messages that SQS did not take are sent again, the others are not", async () => {
  const { queue, calls } = openQueue((entries, call) =>
    call === 1 ? entries.slice(3, 5).map(({ Id }) => ({ Id, SenderFault: false })) : [],
  );
  await queue.sendMany(["0", "1", "2", "3", "4", "5"]);
  expect(calls.map((entries) => entries.map(({ MessageBody }) => MessageBody).join(""))).toEqual([
    "012345",
    "34",
  ]);
});

test("what is wrong with a message itself is not tried again", async () => {
  const { queue, calls } = openQueue(([{ Id }]) => [{ Id, SenderFault: true }]);
  await expect(queue.sendMany(["0", "1"])).rejects.toThrow("all but 1");
  expect(calls).toHaveLength(1);
});

test("a call holds ten messages and 256 KiB at most", async () => {
  const { queue, calls } = openQueue(() => []);
  const large = "ü".repeat(60 * 1024);
  const bodies = [...Array.from({ length: 25 }, (_, i) => String(i)), large, large, large];
  await queue.sendMany(bodies);
  const sent = calls.flat().map(({ MessageBody }) => MessageBody);
  expect(sent.sort()).toEqual(bodies.sort());
  for (const entries of calls) {
    expect(entries.length).toBeLessThanOrEqual(10);
    const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
    expect(bytes).toBeLessThanOrEqual(256 * 1024);
  }
});
