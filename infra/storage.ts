import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type CorsRule,
  EventType,
  HttpMethods,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { SnsDestination } from "aws-cdk-lib/aws-s3-notifications";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import type { Settings } from "./settings.ts";

/** Prefixes under which recordings arrive. */
export const ARRIVALS = ["uploads/", "inbox/"] as const;
export const INDEXES = ["gsi1", "gsi2", "gsi3"] as const;

/** What an app may have already. */
export interface GivenStorage {
  bucket?: IBucket | undefined;
  encryptionKey?: IKey | undefined;
}

/** The bucket of recordings and transcripts, and the table of records. */
export class Storage extends Construct {
  readonly bucket: IBucket;
  /** That what lies here is encrypted with, besides keys of AWS. */
  readonly keys: readonly IKey[];
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: Settings, { bucket, encryptionKey }: GivenStorage = {}) {
    super(scope, id);
    const removalPolicy = props.destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.bucket = bucket ?? this.#ownBucket(props, removalPolicy, encryptionKey);
    this.keys = [...new Set([encryptionKey, this.bucket.encryptionKey])].filter((key) => key !== undefined);
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
      encryption: encryptionKey
        ? TableEncryptionV2.customerManagedKey(encryptionKey)
        : TableEncryptionV2.dynamoOwnedKey(),
      timeToLiveAttribute: "ttl",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !props.destroyData,
      removalPolicy,
    });
  }

  #ownBucket(props: Settings, removalPolicy: RemovalPolicy, encryptionKey?: IKey): IBucket {
    const bucket = new Bucket(this, "Bucket", {
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
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
    acknowledge(bucket, {
      S1: "Access logs are one more object for each request, in one more bucket; who needs them turns on CloudTrail's data events.",
    });
    return bucket as IBucket;
  }

  /** The service's own page uploads from there and reads, besides those that the operator named. */
  allowPageAt(origin: string, { corsOrigins }: Settings): void {
    // A bucket that was there has rules of its own; the origin of all of them takes in this one.
    if (!(this.bucket instanceof Bucket) || this.bucket.node.scope !== this || corsOrigins.includes("*"))
      return;
    for (const rule of uploadsFromBrowsers([origin])) this.bucket.addCorsRule(rule);
  }

  /** Tell this topic of every recording that arrives. */
  announceArrivals(topic: Topic): void {
    const bucket = this.bucket.node.defaultChild;
    if (this.bucket.node.scope !== this || !(bucket instanceof CfnBucket)) {
      for (const prefix of ARRIVALS)
        this.bucket.addEventNotification(EventType.OBJECT_CREATED, new SnsDestination(topic), { prefix });
      return;
    }
    // The property itself, since the construct's way brings a function of its own for it.
    // S3 tries the topic when it is told of it.
    bucket.node.addDependency(topic.node.findChild("Policy"));
    bucket.notificationConfiguration = {
      topicConfigurations: ARRIVALS.map((prefix) => ({
        event: "s3:ObjectCreated:*",
        topic: topic.topicArn,
        filter: { s3Key: { rules: [{ name: "prefix", value: prefix }] } },
      })),
    };
  }
}

function lifecycle({ recoverDays, keepRecordingsDays }: Settings): LifecycleRule[] {
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
