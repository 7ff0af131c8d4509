import { Duration } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import {
  Choice,
  Condition,
  CsvHeaders,
  DistributedMap,
  Errors,
  Fail,
  type IChainable,
  type IItemReader,
  ItemBatcher,
  JitterType,
  JsonPath,
  OutputType,
  Pass,
  ResultWriterV2,
  S3CsvItemReader,
  S3JsonLItemReader,
  S3ManifestItemReader,
  S3ObjectsItemReader,
  StateMachineType,
  TaskInput,
  type TaskStateBase,
  Transformation,
  WriterConfig,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";

export interface ArchiveDefinitionProps {
  /** Of the service: where the map's results go. */
  bucket: IBucket;
  enqueue: IFunction;
  /** Brings lists of other regions and accounts into the bucket. */
  listSource: IFunction;
  finish: IFunction;
  concurrency: number;
}

const CAUGHT = { errors: [Errors.ALL], resultPath: "$.error" };
const ITEMS_PER_CALL = 100;
export const BYTES_PER_CALL = 200 * 1024;
const RETRY = {
  errors: [Errors.ALL],
  interval: Duration.seconds(2),
  maxAttempts: 10,
  backoffRate: 2,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
};

/**
 * The input is {batch_id, kind, bucket, prefix} of a listing, or {batch_id, kind, bucket, key} of a manifest. Where those
 * are out of Step Functions' reach, their kinds begin with `far_`, and a listing has {after: "", part: 0} too.
 */
export function archiveDefinition(scope: Construct, props: ArchiveDefinitionProps): IChainable {
  const file = { bucketNamePath: JsonPath.stringAt("$.bucket"), key: JsonPath.stringAt("$.key") };
  const readers: Record<string, { state: string; reader: IItemReader }> = {
    prefix: {
      state: "Objects",
      reader: new ObjectsReader({
        bucketNamePath: JsonPath.stringAt("$.bucket"),
        prefix: JsonPath.stringAt("$.prefix"),
      }),
    },
    csv: { state: "Csv", reader: new S3CsvItemReader({ ...file, csvHeaders: CsvHeaders.useFirstRow() }) },
    jsonl: { state: "JsonLines", reader: new S3JsonLItemReader(file) },
    s3_inventory: { state: "Inventory", reader: new S3ManifestItemReader(file) },
  };
  const finish = finishListing(scope, props, "FinishListing", { batch_id: JsonPath.stringAt("$.batch_id") });
  const fail = finishListing(scope, props, "FailListing", {
    batch_id: JsonPath.stringAt("$.batch_id"),
    error: JsonPath.objectAt("$.error"),
  });
  const unknown = new Fail(scope, "UnknownKind", { error: "UnknownKind", causePath: "$.kind" });
  const choice = new Choice(scope, "WhichList");
  for (const [kind, { state, reader }] of Object.entries(readers)) {
    const map = mapOver(scope, props, state, reader).addCatch(fail, CAUGHT);
    choice.when(Condition.stringEquals("$.kind", kind), map.next(finish));
  }
  const isFarPrefix = Condition.stringEquals("$.kind", "far_prefix");
  choice.when(isFarPrefix, farListing(scope, props, { finish, fail }));
  // What it answers is the input of a manifest that lies in the service's bucket.
  const copy = invokeListSource(scope, props, "CopyManifest", "$").addCatch(fail, CAUGHT);
  choice.when(Condition.stringMatches("$.kind", "far_*"), copy.next(choice));
  return choice.otherwise(unknown);
}

/** Page by page: list it into the bucket, hand its items over, go on where it ended. */
function farListing(
  scope: Construct,
  props: ArchiveDefinitionProps,
  { finish, fail }: { finish: IChainable; fail: IChainable },
): IChainable {
  const list = invokeListSource(scope, props, "ListPage", "$.page").addCatch(fail, CAUGHT);
  const reader = new S3JsonLItemReader({
    bucketNamePath: JsonPath.stringAt("$.page.bucket"),
    key: JsonPath.stringAt("$.page.key"),
  });
  const map = mapOver(scope, props, "Page", reader).addCatch(fail, CAUGHT);
  const next = new Pass(scope, "NextPage", {
    parameters: {
      batch_id: JsonPath.stringAt("$.batch_id"),
      kind: JsonPath.stringAt("$.kind"),
      bucket: JsonPath.stringAt("$.bucket"),
      prefix: JsonPath.stringAt("$.prefix"),
      after: JsonPath.stringAt("$.page.after"),
      part: JsonPath.numberAt("$.page.part"),
    },
  });
  const more = new Choice(scope, "MorePages")
    .when(Condition.booleanEquals("$.page.more", true), next.next(list))
    .otherwise(finish);
  // A map over nothing fails.
  const any = new Choice(scope, "AnyOnPage")
    .when(Condition.numberGreaterThan("$.page.count", 0), map.next(more))
    .otherwise(more);
  return list.next(any);
}

function invokeListSource(
  scope: Construct,
  { listSource }: ArchiveDefinitionProps,
  id: string,
  resultPath: string,
): LambdaInvoke {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: listSource,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    resultPath,
  }).addRetry(RETRY) as LambdaInvoke;
}

function mapOver(
  scope: Construct,
  props: ArchiveDefinitionProps,
  state: string,
  itemReader: IItemReader,
): DistributedMap {
  const map = new DistributedMap(scope, state, {
    itemReader,
    itemBatcher: new ItemBatcher({
      maxItemsPerBatch: ITEMS_PER_CALL,
      // A hundred keys of 1,024 bytes, escaped, are more than Step Functions hands over.
      maxInputBytesPerBatch: BYTES_PER_CALL,
      // Written as it comes out: the construct does not translate paths here.
      batchInput: { "batch_id.$": "$.batch_id" },
    }),
    // An express execution must be over, retries included, in five minutes.
    mapExecutionType: StateMachineType.STANDARD,
    maxConcurrency: props.concurrency,
    // One page left out would be recordings left out without a word.
    toleratedFailurePercentage: 0,
    resultWriterV2: resultWriter(props.bucket),
    resultPath: JsonPath.DISCARD,
  });
  map.itemProcessor(
    new LambdaInvoke(scope, `${state}Enqueue`, {
      lambdaFunction: props.enqueue,
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
    }).addRetry(RETRY),
  );
  return map;
}

function finishListing(
  scope: Construct,
  { finish }: ArchiveDefinitionProps,
  id: string,
  payload: Record<string, unknown>,
): TaskStateBase {
  return new LambdaInvoke(scope, id, {
    lambdaFunction: finish,
    payload: TaskInput.fromObject(payload),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
  }).addRetry(RETRY);
}

function resultWriter(bucket: IBucket): ResultWriterV2 {
  return new ResultWriter({
    bucket,
    prefix: JsonPath.format("batches/{}/listing", JsonPath.stringAt("$.batch_id")),
    writerConfig: new WriterConfig({
      transformation: Transformation.COMPACT,
      outputType: OutputType.JSONL,
    }),
  });
}

// Their own statements would let them list every bucket there is, and write anywhere in ours: archive.ts names what they may.

class ObjectsReader extends S3ObjectsItemReader {
  override providePolicyStatements(): PolicyStatement[] {
    return [];
  }
}

class ResultWriter extends ResultWriterV2 {
  override providePolicyStatements(): PolicyStatement[] {
    return [];
  }
}
