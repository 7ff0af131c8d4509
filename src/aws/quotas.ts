/**
 * Limits of AWS that nobody can raise, which the service must stay below with the largest request that it accepts;
 * test/src/aws/quotas.test.ts takes it there. Bytes and seconds.
 */
export const QUOTAS = {
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  lambda: {
    /** Of a synchronous call's event and of its answer, both as JSON. */
    payloadBytes: 6 * 1024 * 1024,
    timeoutSeconds: 900,
    environmentBytes: 4096,
  },
  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
  apiGateway: { payloadBytes: 10 * 1024 * 1024, integrationSeconds: 30 },
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
  sqs: {
    messageBytes: 1024 * 1024,
    batchMessages: 10,
    batchBytes: 1024 * 1024,
    delaySeconds: 900,
    /** From a message's receipt on, however often it is extended. */
    visibilitySeconds: 12 * 3600,
    retentionSeconds: 14 * 24 * 3600,
  },
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
  dynamodb: { itemBytes: 400 * 1024, transactionWrites: 100, transactionBytes: 4 * 1024 * 1024 },
  /** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
  stepFunctions: { payloadBytes: 256 * 1024, executionNameCharacters: 80 },
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
  s3: { keyBytes: 1024, singlePutBytes: 5 * 1024 ** 3, presignedSeconds: 7 * 24 * 3600 },
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html */
  ecs: { protectionMinutes: 2880, stopSeconds: 120 },
} as const;
