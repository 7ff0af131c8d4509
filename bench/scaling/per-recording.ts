/**
 * What one recording of an archive asks of the services around the GPUs. The units of DynamoDB and the requests of S3 are what
 * a test counts while an item is listed, claimed and completed; the rest is counted from the code.
 */
export const ARCHIVE_ITEM = {
  writeUnits: 45,
  readUnits: 10,
  /** The result, and the batch's copy of it. */
  s3Puts: 2,
  /** The recording, and a look whether it is there. */
  s3Gets: 2,
  /** Ten messages are sent at once; each is received, extended once at most, deleted. */
  sqsRequests: 3.1,
  /** A page of a hundred items is three transitions of the state machine and a run of a second in 256 MB. */
  transitions: 0.03,
  functionGigabyteSeconds: 0.0025,
  /** Six lines of log, two of them with figures. */
  logBytes: 2500,
} as const;

/** List prices of us-east-1 for one, from each service's price page in 2025. */
const PRICES: Readonly<Record<keyof typeof ARCHIVE_ITEM, number>> = {
  writeUnits: 0.625e-6,
  readUnits: 0.125e-6,
  s3Puts: 5e-6,
  s3Gets: 0.4e-6,
  sqsRequests: 0.4e-6,
  transitions: 25e-6,
  functionGigabyteSeconds: 0.0000133334,
  logBytes: 0.5e-9,
};

/** Dollars. */
export const PER_RECORDING = Object.entries(PRICES).reduce(
  (sum, [name, price]) => sum + price * ARCHIVE_ITEM[name as keyof typeof ARCHIVE_ITEM],
  0,
);
