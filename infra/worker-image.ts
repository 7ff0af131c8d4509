import { IgnoreMode } from "aws-cdk-lib";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { ContainerImage } from "aws-cdk-lib/aws-ecs";
import { REPOSITORY } from "./service-function.ts";

/** All that the Dockerfile may copy: changes elsewhere make no new image. */
const INGREDIENTS = ["package.json", "package-lock.json", "src", "containers", "models"];

/** The worker's image, built from this repository when it is deployed; a synthesis only hashes what it is made of. */
export function workerImage(): ContainerImage {
  return ContainerImage.fromAsset(REPOSITORY, {
    file: "containers/worker/Dockerfile",
    target: "cuda",
    // GPUs are in x86-64 machines, whatever this one is.
    platform: Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
    exclude: ["*", ...INGREDIENTS.map((path) => `!${path}`)],
  });
}
