import { readFileSync } from "node:fs";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { LEAST_DRIVER } from "../../containers/worker/driver.ts";
import { OLDEST_GPU_IMAGE } from "../../infra/gpu-image.ts";
import { ScriptoriumStack } from "../../infra/scriptorium-stack.ts";
import { inApp, synthesise } from "./synthesis.ts";

const ZONES = ["a", "b", "c", "d", "e", "f"].map((letter) => `us-east-1${letter}`);
const template = synthesise({ maxWorkers: 3, audioHoursPerWorker: 10, idleMinutes: 7, spotPercent: 80 });

test("operators get into workers where that is asked for, and only there", () => {
  const policies = (from: ReturnType<typeof synthesise>) =>
    JSON.stringify(from.findResources("AWS::IAM::Role"));
  expect(policies(template)).not.toContain("AmazonSSMManagedInstanceCore");
  template.hasResourceProperties("AWS::ECS::Service", { EnableExecuteCommand: Match.absent() });
  const open = synthesise({ operatorAccess: true, onDemandBase: 1 });
  expect(policies(open)).toContain("AmazonSSMManagedInstanceCore");
  open.hasResourceProperties("AWS::ECS::Service", { EnableExecuteCommand: true });
  // Beside Spot: the first one goes on where Spot has none.
  open.hasResourceProperties("AWS::AutoScaling::AutoScalingGroup", {
    MixedInstancesPolicy: { InstancesDistribution: { OnDemandBaseCapacity: 1 } },
  });
});

test("a sweep that failed is not tried again by Lambda: the next minute's makes up for it", () => {
  template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
    FunctionName: { Ref: Match.stringLikeRegexp("SweepFunction") },
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

test("a service is not asked for before its cluster has the capacity provider", () => {
  const [tie, ...others] = Object.keys(
    template.findResources("AWS::ECS::ClusterCapacityProviderAssociations"),
  );
  expect(others).toEqual([]);
  template.hasResource("AWS::ECS::Service", { DependsOn: Match.arrayWith([tie]) });
  // Of Managed Instances the provider itself names the cluster.
  const managed = synthesise({ capacity: "managed-instances" });
  const [provider] = Object.entries(managed.findResources("AWS::ECS::CapacityProvider"));
  expect(provider[1].Properties.ClusterName).toBeDefined();
  managed.hasResourceProperties("AWS::ECS::Service", {
    CapacityProviderStrategy: [{ CapacityProvider: { Ref: provider[0] } }],
  });
});

describe("the Auto Scaling group", () => {
  test("goes from none to the most, of several types, mostly Spot", () => {
    template.hasResourceProperties("AWS::AutoScaling::AutoScalingGroup", {
      MinSize: "0",
      MaxSize: "3",
      NewInstancesProtectedFromScaleIn: true,
      MixedInstancesPolicy: {
        InstancesDistribution: {
          OnDemandBaseCapacity: 0,
          OnDemandPercentageAboveBaseCapacity: 20,
          SpotAllocationStrategy: "price-capacity-optimized",
        },
        LaunchTemplate: {
          Overrides: [
            { InstanceType: "g6.xlarge" },
            { InstanceType: "g5.xlarge" },
            { InstanceType: "g4dn.xlarge" },
          ],
        },
      },
    });
    template.hasResourceProperties("AWS::ECS::CapacityProvider", {
      AutoScalingGroupProvider: {
        ManagedScaling: Match.objectLike({ Status: "ENABLED", TargetCapacity: 100 }),
        ManagedTerminationProtection: "ENABLED",
        ManagedDraining: "ENABLED",
      },
    });
  });

  test("drains on Spot notices, encrypts its disk, and keeps its credentials from containers", () => {
    const [{ Properties }] = Object.values(template.findResources("AWS::EC2::LaunchTemplate"));
    const data = Properties.LaunchTemplateData;
    expect(JSON.stringify(data.UserData)).toContain("ECS_ENABLE_SPOT_INSTANCE_DRAINING=true");
    expect(data.MetadataOptions).toEqual({ HttpTokens: "required", HttpPutResponseHopLimit: 1 });
    expect(data.BlockDeviceMappings[0].Ebs).toMatchObject({
      Encrypted: true,
      VolumeType: "gp3",
      // Above what is free: the first worker waits for its image to be written.
      Throughput: 250,
      DeleteOnTermination: true,
    });
  });

  test("starts machines with a GPU driver: ECS's recommended image for GPUs, or one that is named", () => {
    const parameters = (settings: object) =>
      Object.values(synthesise({ ...settings }).toJSON().Parameters as Record<string, { Default: string }>)
        .map(({ Default }) => Default)
        .filter((name) => name.includes("optimized-ami"));
    const folder = "/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu";
    expect(parameters({})).toEqual([`${folder}/recommended/image_id`]);
    const pinned = `${folder}/amzn2023-ami-ecs-gpu-hvm-2023.0.20260129-kernel-6.1-x86_64-ebs/image_id`;
    expect(parameters({ gpuImageParameter: pinned })).toEqual([pinned]);
    // Its driver is one that the worker starts on, and an image that is not known to have one is refused.
    expect(Number(OLDEST_GPU_IMAGE.driver.split(".")[0])).toBeGreaterThanOrEqual(LEAST_DRIVER);
    const older = pinned.replace("20260129", "20250102");
    expect(() => parameters({ gpuImageParameter: older })).toThrow(/must be of 20260129 or later/);
    const [{ Properties }] = Object.values(template.findResources("AWS::EC2::LaunchTemplate"));
    expect(Properties.LaunchTemplateData.ImageId.Ref).toContain("gpurecommendedimageid");
  });

  test("lives in public subnets that nobody can connect to", () => {
    template.resourceCountIs("AWS::EC2::NatGateway", 0);
    template.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
    template.allResourcesProperties("AWS::EC2::SecurityGroup", { SecurityGroupIngress: Match.absent() });
    template.allResourcesProperties("AWS::EC2::Subnet", { MapPublicIpOnLaunch: true });
  });

  test("uses the zones that it is given; their order, and others beside them, move none", () => {
    const subnets = (zones: string[]) =>
      Object.fromEntries(
        Object.entries(synthesise({ zones }).findResources("AWS::EC2::Subnet")).map(
          ([id, { Properties }]) => [Properties.AvailabilityZone, [id, Properties.CidrBlock]],
        ),
      );
    const [a, b, c] = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    const all = subnets([a, b, c]);
    expect(Object.keys(all)).toEqual([a, b, c]);
    expect(subnets([c, a])).toEqual({ [a]: all[a], [c]: all[c] });
    expect(new Set(Object.values(all).map((facts) => (facts as string[])[1])).size).toBe(3);
  });

  test("uses all zones of its region, where that is known", () => {
    const zones = inApp({}, (app) => {
      const env = { account: "123456789012", region: "us-east-1" };
      const known = { "availability-zones:account=123456789012:region=us-east-1": ZONES };
      for (const [key, value] of Object.entries(known)) app.node.setContext(key, value);
      const stack = new ScriptoriumStack(app, "Scriptorium", {}, { env });
      return Object.values(Template.fromStack(stack).findResources("AWS::EC2::Subnet")).map(
        ({ Properties }) => Properties.AvailabilityZone,
      );
    });
    expect(zones).toEqual(ZONES);
  });
});

describe.each([
  ["asg", "bridge", "EC2"],
  ["managed-instances", "host", "MANAGED_INSTANCES"],
])("a worker on %s", (capacity, network, compatibility) => {
  const workers = synthesise({ capacity, concurrency: 5, limits: { durationSeconds: 7200 } });

  test("has a GPU, two minutes to leave, a health check, and a network that reaches AWS without a NAT gateway", () => {
    workers.hasResourceProperties("AWS::ECS::TaskDefinition", {
      NetworkMode: network,
      RequiresCompatibilities: [compatibility],
      ContainerDefinitions: [
        Match.objectLike({
          ResourceRequirements: [{ Type: "GPU", Value: "1" }],
          // Of 4096; without it ECS has no figure of the CPU for the dashboard.
          Cpu: 3072,
          StopTimeout: 120,
          HealthCheck: Match.objectLike({
            Command: ["CMD-SHELL", Match.stringLikeRegexp("scriptorium-healthy")],
          }),
          LogConfiguration: Match.objectLike({ LogDriver: "awslogs" }),
          Environment: Match.arrayWith([
            { Name: "SCRIPTORIUM_LIMIT_DURATION_SECONDS", Value: "7200" },
            { Name: "AWS_REGION", Value: { Ref: "AWS::Region" } },
            { Name: "SCRIPTORIUM_DEVICE", Value: "cuda" },
            { Name: "SCRIPTORIUM_CONCURRENCY", Value: "5" },
          ]),
        }),
      ],
    });
  });

  test("is started by the scaling policy alone, and a bad version of it is rolled back", () => {
    workers.hasResourceProperties("AWS::ECS::Service", {
      DesiredCount: 0,
      NetworkConfiguration: Match.absent(),
      LaunchType: Match.absent(),
      DeploymentConfiguration: {
        MinimumHealthyPercent: 0,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
  });
});

test("Managed Instances are single NVIDIA GPUs of the given types, Spot or not", () => {
  const launch = (spotPercent: number) =>
    Object.values(
      synthesise({ capacity: "managed-instances", spotPercent }).findResources("AWS::ECS::CapacityProvider"),
    )[0].Properties.ManagedInstancesProvider.InstanceLaunchTemplate;
  expect(launch(100)).toMatchObject({
    CapacityOptionType: "SPOT",
    InstanceRequirements: {
      AcceleratorTypes: ["gpu"],
      AcceleratorManufacturers: ["nvidia"],
      AcceleratorCount: { Min: 1, Max: 1 },
      AllowedInstanceTypes: ["g6.xlarge", "g5.xlarge", "g4dn.xlarge"],
    },
  });
  expect(launch(0).CapacityOptionType).toBe("ON_DEMAND");
});

test("roles of Managed Instances have names that ECS may pass, and that leave room for another region", () => {
  const managed = synthesise({
    capacity: "managed-instances",
    name: "A-very-long-name-for-a-whole-deployment1",
  });
  const names = ["AWS::IAM::Role", "AWS::IAM::InstanceProfile"].flatMap((type) =>
    Object.values(managed.findResources(type)).flatMap(
      ({ Properties }) => (Properties.RoleName ?? Properties.InstanceProfileName ?? []) as unknown[],
    ),
  );
  expect(names).toHaveLength(2);
  for (const name of names) {
    const [separator, parts] = (name as { "Fn::Join": [string, unknown[]] })["Fn::Join"];
    const longest = parts.map((part) => (typeof part === "string" ? part : "ap-southeast-1")).join(separator);
    expect(parts.at(-1)).toEqual({ Ref: "AWS::Region" });
    expect(longest).toMatch(/^ecsInstanceRole/);
    expect(longest.length).toBeLessThanOrEqual(64);
  }
});

test("CDK behaves as it recommends, as far as it says so", () => {
  const read = (url: URL) => JSON.parse(readFileSync(url, "utf8"));
  const { context } = read(new URL("../../cdk.json", import.meta.url));
  const packaged = new URL("../../node_modules/aws-cdk-lib/recommended-feature-flags.json", import.meta.url);
  expect(context).toMatchObject(read(packaged));
});
