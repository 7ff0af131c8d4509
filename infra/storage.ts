import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type CorsRule,
  HttpMethods,
  type LifecycleRule,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { ScriptoriumProps } from "./props.ts";

/** Prefixes under which recordings arrive. */
export const ARRIVALS = ["uploads/", "inbox/"] as const;
export const INDEXES = ["gsi1", "gsi2", "gsi3"] as const;

/** The bucket of recordings and transcripts, and the table of records. */
export class Storage extends Construct {
  readonly bucket: Bucket;
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ScriptoriumProps) {
    super(scope, id);
    const removalPolicy = props.destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Without versions a deletion is final, which is what the API promises.
      versioned: props.recoverDays > 0,
      lifecycleRules: lifecycle(props),
      cors: uploadsFromBrowsers(props.corsOrigins),
      removalPolicy,
      // The custom resource that empties the bucket exists in trials only.
      autoDeleteObjects: props.destroyData,
    });
    acknowledge(this.bucket, {
      S1: "Access logs are one more object for each request, in one more bucket; who needs them turns on CloudTrail's data events.",
    });
    this.table = new TableV2(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      globalSecondaryIndexes: INDEXES.map((indexName) => ({
        indexName,
        partitionKey: { name: `${indexName}pk`, type: AttributeType.STRING },
        sortKey: { name: `${indexName}sk`, type: AttributeType.STRING },
        // A write that changes none of the keys, such as progress, is none of the indexes' business.
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      timeToLiveAttribute: "ttl",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !props.destroyData,
      removalPolicy,
    });
  }

  /** Tell this queue of every recording that arrives. */
  announceArrivals(queue: Queue): void {
    // The property itself, since the construct's way brings a function of its own for it.
    const bucket = this.bucket.node.defaultChild as CfnBucket;
    // S3 tries the queue when it is told of it.
    bucket.node.addDependency(queue.node.findChild("Policy"));
    bucket.notificationConfiguration = {
      queueConfigurations: ARRIVALS.map((prefix) => ({
        event: "s3:ObjectCreated:*",
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: "prefix", value: prefix }] } },
      })),
    };
  }
}

function lifecycle({ recoverDays, keepRecordingsDays }: ScriptoriumProps): LifecycleRule[] {
  const everywhere: LifecycleRule = {
    id: "leftovers",
    // Uploads in parts may be taken up again for six.
    abortIncompleteMultipartUploadAfter: Duration.days(7),
    // Stays when versions are turned off again: those that exist do not go by themselves.
    noncurrentVersionExpiration: Duration.days(Math.max(1, recoverDays)),
    ...(recoverDays > 0 && { expiredObjectDeleteMarker: true }),
  };
  if (keepRecordingsDays === undefined) return [everywhere];
  const old = ARRIVALS.map((prefix) => ({
    id: `old-${prefix.replace("/", "")}`,
    prefix,
    expiration: Duration.days(keepRecordingsDays),
  }));
  return [everywhere, ...old];
}

function uploadsFromBrowsers(origins: readonly string[]): CorsRule[] {
  if (origins.length === 0) return [];
  return [
    {
      allowedMethods: [HttpMethods.PUT, HttpMethods.GET],
      allowedOrigins: [...origins],
      allowedHeaders: ["*"],
      exposedHeaders: ["ETag"],
      maxAge: 3600,
    },
  ];
}
