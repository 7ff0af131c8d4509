import { Aws, Names, Size } from "aws-cdk-lib";
import { AcceleratorManufacturer, AcceleratorType } from "aws-cdk-lib/aws-ec2";
import {
  CapacityOptionType,
  type CfnService,
  type Cluster,
  Compatibility,
  type ContainerDefinitionOptions,
  FargateService,
  type ICluster,
  ManagedInstancesCapacityProvider,
  NetworkMode,
  TaskDefinition,
} from "aws-cdk-lib/aws-ecs";
import type { CfnInstanceProfile, CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledge, acknowledgeResources } from "./acknowledge.ts";
import type { Network } from "./network.ts";
import type { Settings } from "./settings.ts";
import { DEPLOYMENT, TASK_CPU, type WorkerCapacity } from "./worker-capacity.ts";

/** GPUs from ECS Managed Instances: AWS patches and replaces the machines, for a fee on top of their price. */
export class ManagedCapacity extends Construct implements WorkerCapacity {
  readonly #cluster: Cluster;
  readonly #network: Network;
  readonly #provider: ManagedInstancesCapacityProvider;
  readonly #props: Settings;

  constructor(scope: Construct, id: string, props: Settings, network: Network, cluster: Cluster) {
    super(scope, id);
    this.#cluster = cluster;
    this.#network = network;
    this.#props = props;
    this.#provider = new ManagedInstancesCapacityProvider(this, "Provider", {
      subnets: network.subnets,
      securityGroups: [network.securityGroup],
      capacityOptionType: props.spotPercent === 100 ? CapacityOptionType.SPOT : CapacityOptionType.ON_DEMAND,
      taskVolumeStorage: Size.gibibytes(props.volumeGiB),
      instanceRequirements: {
        vCpuCountMin: 4,
        memoryMin: Size.gibibytes(8),
        acceleratorTypes: [AcceleratorType.GPU],
        acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA],
        acceleratorCountMin: 1,
        acceleratorCountMax: 1,
        allowedInstanceTypes: [...props.instanceTypes],
      },
    });
    nameByRegion(this.#provider);
    acknowledge(this.#provider, {
      "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances]":
        "What ECS needs to run instances for us changes with ECS.",
    });
    const instances = `arn:${Aws.PARTITION}:ecs:${Aws.REGION}:${Aws.ACCOUNT_ID}:container-instance/*`;
    acknowledgeResources(
      this.#provider,
      ["*", instances],
      "Instances register themselves under names of their own.",
    );
    cluster.addManagedInstancesCapacityProvider(this.#provider);
  }

  taskDefinition(): TaskDefinition {
    return new TaskDefinition(this, "Task", {
      compatibility: Compatibility.MANAGED_INSTANCES,
      // A task with an interface of its own gets no public address, and would need a NAT gateway.
      networkMode: NetworkMode.HOST,
      cpu: String(TASK_CPU),
      memoryMiB: String(this.#props.workerMemoryMiB),
    });
  }

  addContainer(task: TaskDefinition, options: ContainerDefinitionOptions): void {
    task.addContainer("worker", options);
  }

  service(taskDefinition: TaskDefinition): FargateService {
    const service = new FargateService(this, "Service", {
      ...DEPLOYMENT,
      ...(this.#props.operatorAccess && { enableExecuteCommand: true }),
      cluster: this.#cluster as ICluster,
      taskDefinition,
      vpcSubnets: { subnets: this.#network.subnets },
      capacityProviderStrategies: [{ capacityProvider: this.#provider.capacityProviderName, weight: 1 }],
    });
    // The construct always asks for interfaces of tasks; with the host's network ECS refuses that.
    (service.node.defaultChild as CfnService).addPropertyDeletionOverride("NetworkConfiguration");
    return service;
  }
}

/**
 * AWS's own policy lets ECS pass roles whose names begin with ecsInstanceRole, so that these need names. Roles are an
 * account's, not a region's: the construct's names would keep the service out of a second region.
 */
function nameByRegion(provider: ManagedInstancesCapacityProvider): void {
  const stem = `ecsInstanceRole${Names.uniqueResourceName(provider, { maxLength: 30 })}`;
  const name = `${stem}-${Aws.REGION}`;
  const role = provider.node.findChild("InstanceRole").node.defaultChild as CfnRole;
  const profile = provider.node.findChild("InstanceProfile").node.defaultChild as CfnInstanceProfile;
  role.roleName = name;
  profile.instanceProfileName = name;
}
