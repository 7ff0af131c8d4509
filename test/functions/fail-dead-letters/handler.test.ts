import type { SQSEvent, SQSRecord } from "aws-lambda";
import { expect, it } from "vitest";
import { makeFailDeadLettersHandler } from "../../../functions/fail-dead-letters/handler.ts";
import { transcribeMessage } from "../../../src/jobs/messages.ts";
import { aTranscription } from "../../contract/records.ts";
import { serviceWorld } from "../../support/service-world.ts";

function eventOf(bodies: string[]): SQSEvent {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "",
    ApproximateFirstReceiveTimestamp: "0",
  };
  const record = (body: string, index: number): SQSRecord => ({
    messageId: `message-${index}`,
    receiptHandle: "",
    body,
    attributes,
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:1:dead",
    awsRegion: "eu-central-1",
  });
  return { Records: bodies.map(record) };
}

it("deals with each message by itself, and reports those that it could not deal with", async () => {
  const { services } = await serviceWorld();
  const records = Array.from({ length: 3 }, () => aTranscription());
  for (const record of records) await services.store.createTranscription(record, { now: record.createdAt });
  const { transcribe } = services.queues;
  const send = transcribe.send.bind(transcribe);
  transcribe.send = async (body, options) => {
    if (body.includes(records[1].id)) throw new Error("the queue is down");
    await send(body, options);
  };
  const handle = makeFailDeadLettersHandler(services);
  const bodies = ["not a message", ...records.map(({ id }) => transcribeMessage(id))];
  expect(await handle(eventOf(bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: "message-2" }] });
  expect((await transcribe.depth()).delayed).toBe(2);
  transcribe.send = send;
  expect(await handle(eventOf([bodies[2]]))).toEqual({ batchItemFailures: [] });
  expect((await transcribe.depth()).delayed).toBe(3);
});
