import { Duration, Stack } from "aws-cdk-lib";
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  OnDemandAllocationStrategy,
  SpotAllocationStrategy,
} from "aws-cdk-lib/aws-autoscaling";
import {
  InstanceType,
  LaunchTemplate,
  MachineImage,
  OperatingSystemType,
  UserData,
} from "aws-cdk-lib/aws-ec2";
import {
  AmiHardwareType,
  AsgCapacityProvider,
  type Cluster,
  type ContainerDefinitionOptions,
  Ec2Service,
  Ec2TaskDefinition,
  EcsOptimizedImage,
  type ICluster,
  NetworkMode,
} from "aws-cdk-lib/aws-ecs";
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledge, acknowledgeWildcards } from "./acknowledge.ts";
import type { Network } from "./network.ts";
import type { Settings } from "./settings.ts";
import { DEPLOYMENT, type WorkerCapacity } from "./worker-capacity.ts";

/** On the instance, so that the next worker on it need not fetch the model again. */
const MODEL_FOLDER = "/var/lib/scriptorium/models";

/** Twice what is free: the first worker waits for an image of several GB to be written. */
const DISK_MIB_PER_SECOND = 250;

/** GPUs from an Auto Scaling group of Spot and on-demand instances of several types, from none to `maxWorkers`. */
export class AsgCapacity extends Construct implements WorkerCapacity {
  readonly #provider: AsgCapacityProvider;
  readonly #cluster: Cluster;
  readonly #props: Settings;

  constructor(scope: Construct, id: string, props: Settings, network: Network, cluster: Cluster) {
    super(scope, id);
    this.#cluster = cluster;
    this.#props = props;
    const group = new AutoScalingGroup(this, "Group", {
      vpc: network.vpc,
      vpcSubnets: { subnets: network.subnets },
      minCapacity: 0,
      maxCapacity: props.maxWorkers,
      newInstancesProtectedFromScaleIn: true,
      mixedInstancesPolicy: {
        instancesDistribution: {
          onDemandBaseCapacity: props.onDemandBase,
          onDemandPercentageAboveBaseCapacity: 100 - props.spotPercent,
          onDemandAllocationStrategy: OnDemandAllocationStrategy.LOWEST_PRICE,
          spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        },
        launchTemplate: launchTemplate(this, props, network, cluster),
        launchTemplateOverrides: props.instanceTypes.map((type) => ({
          instanceType: new InstanceType(type),
        })),
      },
    });
    acknowledge(group, {
      AS3: "Instances come and go with the work; what matters is whether work waits, which has an alarm.",
      EC26: "The rule cannot read launch templates of mixed groups; the volumes are encrypted.",
    });
    this.#provider = new AsgCapacityProvider(this, "Provider", {
      autoScalingGroup: group,
      enableManagedScaling: true,
      enableManagedTerminationProtection: true,
      enableManagedDraining: true,
      instanceWarmupPeriod: Duration.minutes(2).toSeconds(),
    });
    cluster.addAsgCapacityProvider(this.#provider);
  }

  taskDefinition(): Ec2TaskDefinition {
    // Tasks with an interface of their own get no public address, and would need a NAT gateway.
    const task = new Ec2TaskDefinition(this, "Task", { networkMode: NetworkMode.BRIDGE });
    task.addVolume({ name: "models", host: { sourcePath: MODEL_FOLDER } });
    return task;
  }

  addContainer(task: Ec2TaskDefinition, options: ContainerDefinitionOptions, modelCache: string): void {
    task
      .addContainer("worker", options)
      .addMountPoints({ sourceVolume: "models", containerPath: modelCache, readOnly: false });
  }

  service(taskDefinition: Ec2TaskDefinition): Ec2Service {
    return new Ec2Service(this, "Service", {
      ...DEPLOYMENT,
      ...(this.#props.operatorAccess && { enableExecuteCommand: true }),
      cluster: this.#cluster as ICluster,
      taskDefinition,
      capacityProviderStrategies: [{ capacityProvider: this.#provider.capacityProviderName, weight: 1 }],
    });
  }
}

function launchTemplate(
  scope: Construct,
  props: Settings,
  network: Network,
  cluster: Cluster,
): LaunchTemplate {
  const userData = UserData.forLinux();
  userData.addCommands(
    // The construct's own switch for it is ignored where an Auto Scaling group mixes instances.
    "echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config",
    "echo ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config",
    // The container's user is not root, and which number it has is the image's business.
    `install -d -m 1777 ${MODEL_FOLDER}`,
  );
  return new LaunchTemplate(scope, "Template", {
    machineImage:
      props.gpuImageParameter === undefined
        ? EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU)
        : MachineImage.fromSsmParameter(props.gpuImageParameter, { os: OperatingSystemType.LINUX }),
    instanceType: new InstanceType(props.instanceTypes[0]),
    securityGroup: network.securityGroup,
    ...(network.needsAddresses && { associatePublicIpAddress: true }),
    role: instanceRole(scope, cluster, props),
    userData,
    requireImdsv2: true,
    // One hop: containers cannot reach the instance's own credentials.
    httpPutResponseHopLimit: 1,
    blockDevices: [
      {
        deviceName: "/dev/xvda",
        volume: BlockDeviceVolume.ebs(props.volumeGiB, {
          volumeType: EbsDeviceVolumeType.GP3,
          throughput: DISK_MIB_PER_SECOND,
          encrypted: true,
          deleteOnTermination: true,
        }),
      },
    ],
  });
}

function instanceRole(scope: Construct, cluster: Cluster, props: Settings): Role {
  const role = new Role(scope, "InstanceRole", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });
  if (props.operatorAccess) {
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName("AmazonSSMManagedInstanceCore"));
    acknowledge(role, {
      "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]":
        "The operator asked for Session Manager; what its agent needs changes with it.",
    });
  }
  const reason = "The ECS agent's own calls, held to this cluster where ECS lets them be.";
  acknowledge(role, { "IAM5[Resource::*]": reason, "IAM5[Action::ecs:Submit*]": reason });
  // On a Spot notice the agent sets its own instance to DRAINING: without this right no worker gets a SIGTERM.
  const instances = Stack.of(scope).formatArn({
    service: "ecs",
    resource: "container-instance",
    resourceName: `${cluster.clusterName}/*`,
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ["ecs:UpdateContainerInstancesState"],
      resources: [instances],
      conditions: { ArnEquals: { "ecs:cluster": cluster.clusterArn } },
    }),
  );
  acknowledgeWildcards(role, [instances], "Instances of this cluster, whose names are made when they start.");
  return role;
}
