import { Aspects, Aws, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IVpc } from "aws-cdk-lib/aws-ec2";
import {
  type BaseService,
  CfnClusterCapacityProviderAssociations,
  Cluster,
  LogDriver,
  type TaskDefinition,
} from "aws-cdk-lib/aws-ecs";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledge.ts";
import { AsgCapacity } from "./asg-capacity.ts";
import {
  allow,
  allowDeleting,
  allowKey,
  allowReading,
  allowRecords,
  allowSending,
  allowWorking,
  allowWriting,
  bucketArn,
} from "./grants.ts";
import { ManagedCapacity } from "./managed-capacity.ts";
import { Network } from "./network.ts";
import { type Service, serviceEnvironment } from "./service.ts";
import { TASK_CPU, type WorkerCapacity } from "./worker-capacity.ts";
import { workerImage } from "./worker-image.ts";
import { WorkerScaling } from "./worker-scaling.ts";

/** In the container. */
const MODEL_CACHE = "/var/cache/scriptorium/models";

/** The workers: one GPU each, as many as there is work for, none where there is none. */
export class GpuWorkers extends Construct {
  readonly service: BaseService;
  readonly cluster: Cluster;
  readonly scaling: WorkerScaling;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, service: Service, vpc?: IVpc) {
    super(scope, id);
    const { props, queues } = service;
    const network = new Network(this, "Network", { vpc, zones: props.zones });
    this.cluster = new Cluster(this, "Cluster", { vpc: network.vpc });
    acknowledge(this.cluster, {
      ECS4: "Container Insights bill by the metric; the free ones are on the dashboard.",
    });
    const capacity: WorkerCapacity =
      props.capacity === "asg"
        ? new AsgCapacity(this, "Asg", props, network, this.cluster)
        : new ManagedCapacity(this, "Managed", props, network, this.cluster);
    this.logGroup = new LogGroup(this, "Logs", {
      retention: props.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const task = capacity.taskDefinition();
    capacity.addContainer(
      task,
      {
        image: workerImage(),
        memoryLimitMiB: props.workerMemoryMiB,
        // Without a share of its own ECS has nothing to count its use of the CPU by.
        cpu: TASK_CPU,
        gpuCount: 1,
        // A Spot notice comes two minutes ahead; the worker gives back its recordings within them.
        stopTimeout: Duration.seconds(120),
        // ECS looks at this one, not at the image's own.
        healthCheck: {
          command: ["CMD-SHELL", `[ -n "$(find /tmp/scriptorium-healthy -mmin -1)" ]`],
          interval: Duration.seconds(30),
          timeout: Duration.seconds(5),
          retries: 3,
          // The model may have to be fetched first.
          startPeriod: Duration.seconds(300),
        },
        logging: LogDriver.awsLogs({ logGroup: this.logGroup, streamPrefix: "worker" }),
        environment: environmentOf(service),
      },
      MODEL_CACHE,
    );
    acknowledge(task, { ECS2: "The environment holds names of resources, no secrets." });
    acknowledge(task.obtainExecutionRole(), {
      "IAM5[Resource::*]": "ecr:GetAuthorizationToken knows no resources.",
    });
    if (props.operatorAccess)
      acknowledge(task.taskRole, { "IAM5[Resource::*]": "Channels into containers have no names to grant." });
    allowWork(task, this.cluster, service);
    this.service = capacity.service(task);
    afterCapacity(this.service, this.cluster);
    this.scaling = new WorkerScaling(this, "Scaling", {
      props,
      queues,
      cluster: this.cluster,
      service: this.service,
    });
  }
}

/**
 * ECS refuses a service whose capacity provider is not the cluster's yet, and CloudFormation sees no connection between
 * the two. The construct ties them when the template is made, and not before.
 */
function afterCapacity(service: BaseService, cluster: Cluster): void {
  Aspects.of(cluster).add({
    visit(node) {
      if (node instanceof CfnClusterCapacityProviderAssociations) service.node.addDependency(node);
    },
  });
}

function environmentOf(service: Service): Record<string, string> {
  const { props } = service;
  return {
    ...serviceEnvironment(service),
    // ECS on instances of one's own does not tell the SDK where it is.
    AWS_REGION: Aws.REGION,
    SCRIPTORIUM_DEVICE: "cuda",
    SCRIPTORIUM_CONCURRENCY: String(props.concurrency),
    SCRIPTORIUM_MODEL_CACHE: MODEL_CACHE,
    // Unless it is told otherwise, the image uses the pack that it brings.
    ...(props.model !== "bundled" && { SCRIPTORIUM_MODEL: props.model }),
  };
}

function allowWork({ taskRole }: TaskDefinition, cluster: Cluster, service: Service): void {
  const { props, storage, queues } = service;
  for (const key of storage.keys) allowKey(taskRole, key);
  allowRecords(taskRole, storage.table);
  allowReading(taskRole, storage.bucket, ["uploads/", "inbox/", "batches/"]);
  service.sources.readBy(taskRole);
  // What is fetched from elsewhere is put where uploads lie.
  allowWriting(taskRole, storage.bucket, ["uploads/", "results/", "batches/"]);
  // Of a transcription that was deleted while it was under work.
  allowDeleting(taskRole, storage.bucket, ["uploads/", "inbox/", "results/", "batches/"]);
  service.sources.writtenBesideBy(taskRole);
  allowWorking(taskRole, [queues.transcribe, queues.archive]);
  allowSending(taskRole, queues.telling);
  allow(
    taskRole,
    ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
    [
      Stack.of(cluster).formatArn({
        service: "ecs",
        resource: "task",
        resourceName: `${cluster.clusterName}/*`,
      }),
    ],
    "Tasks of this cluster, whose names are made when they start.",
  );
  const pack = /^s3:\/\/([^/]+)\/(.*)$/.exec(props.model);
  if (!pack) return;
  const [, bucket, prefix] = pack;
  allow(taskRole, ["s3:GetObject"], [`${bucketArn(bucket)}/${prefix}*`], "The files of the model pack.");
}
