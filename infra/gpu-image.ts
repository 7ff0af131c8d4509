/**
 * The oldest of ECS's images for GPUs on Amazon Linux 2023 that is known to bring a driver the worker's CUDA runs on: it
 * came with 580.126.09 (github.com/aws/amazon-ecs-ami, pull request 619, 2 February 2026).
 */
export const OLDEST_GPU_IMAGE = { date: 20260129, driver: "580.126.09" };

/** Of an SSM parameter's name that says which image it is; null where it does not, as of the recommended one. */
export function imageDate(parameter: string): number | null {
  const [, date] = /-2023\.0\.(\d{8})-/.exec(parameter) ?? [];
  return date === undefined ? null : Number(date);
}
