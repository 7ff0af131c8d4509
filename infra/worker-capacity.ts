import type {
  BaseService,
  BaseServiceOptions,
  ContainerDefinitionOptions,
  TaskDefinition,
} from "aws-cdk-lib/aws-ecs";

/** Where workers get their GPUs from. */
export interface WorkerCapacity {
  taskDefinition(): TaskDefinition;
  /** `modelCache`: where the container looks for models that were fetched before. */
  addContainer(task: TaskDefinition, options: ContainerDefinitionOptions, modelCache: string): void;
  service(task: TaskDefinition): BaseService;
}

/** A task is placed by its size, so it must fit the smallest instance type: 3 of 4 vCPUs. */
export const TASK_CPU = 3072;

export const DEPLOYMENT = {
  // The scaling policy starts workers once there is work: a deployment must not wait for a GPU.
  desiredCount: 0,
  // A drained instance's worker may go before there is another: its messages wait.
  minHealthyPercent: 0,
  // Workers at work are protected for a while: new ones may start beside them, where there are GPUs for both.
  maxHealthyPercent: 200,
  circuitBreaker: { enable: true, rollback: true },
  enableECSManagedTags: true,
} as const satisfies Omit<BaseServiceOptions, "cluster">;
