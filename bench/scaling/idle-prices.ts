/** Of what is paid for while nothing happens: how much of each in one month. */
export type Use = Readonly<Partial<Record<keyof typeof PRICES, number>>>;

/** US dollars for one, and how many an account is given each month, not for its first year only but for ever. */
interface Price {
  price: number;
  free: number;
}

/** List prices of us-east-1, from each service's price page in 2025; look them up before you rely on them. */
export const PRICES = {
  /** https://aws.amazon.com/cloudwatch/pricing/: a metric, of one minute or more, that an alarm looks at. */
  alarmMetric: { price: 0.1, free: 10 },
  dashboard: { price: 3, free: 3 },
  logGigabyte: { price: 0.5, free: 5 },
  /** https://aws.amazon.com/sqs/pricing/: of standard queues; one that finds nothing counts as well. */
  queueRequest: { price: 0.4 / 1e6, free: 1e6 },
  /** https://aws.amazon.com/lambda/pricing/, ARM64. */
  functionRun: { price: 0.2 / 1e6, free: 1e6 },
  functionGigabyteSecond: { price: 0.0000133334, free: 400_000 },
  /** https://aws.amazon.com/xray/pricing/. */
  trace: { price: 5 / 1e6, free: 100_000 },
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/: one query that finds nothing is half a unit. */
  readUnit: { price: 0.125 / 1e6, free: 0 },
} as const satisfies Record<string, Price>;

export const HOURS_PER_MONTH = 730;

/**
 * A queue that a function reads is asked by five long polls at once, messages or not
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). The queues let each wait for 20 s.
 */
export const POLLS_AT_ONCE = 5;
export const POLL_SECONDS = 20;

/** ECS makes them itself (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html). */
export const ALARMS_OF_MANAGED_SCALING = 2;

/** One sweep that finds nothing to do. Counted from the code, but for the time and the log, which are assumed. */
export const SWEEP = {
  seconds: 0.3,
  /** Three lines of Lambda's own. */
  logBytes: 400,
  /** The depth of both queues. */
  queueRequests: 2,
  /** Open batches, and 24 shards of what is due. */
  queries: 25,
} as const;
