import { z } from "zod";
import {
  ALARMS_OF_MANAGED_SCALING,
  HOURS_PER_MONTH,
  POLL_SECONDS,
  POLLS_AT_ONCE,
  PRICES,
  SWEEP,
  type Use,
} from "./idle-prices.ts";

/** A template of CloudFormation, as far as it matters here. */
export interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

/** What one resource uses while nothing happens. */
export interface IdleUse {
  id: string;
  type: string;
  use: Use;
}

/** What a resource of these properties uses; throws ZodError where it would cost what is not counted here. */
type Kind = (properties: unknown, template: Template) => Use;

/** Paid for by what is done with it, or not at all. */
const free: Kind = () => ({});
/** Paid for by what lies in it. */
const storage = free;
const checked =
  (schema: z.ZodType, use: Use = {}): Kind =>
  (properties) => {
    schema.parse(properties);
    return use;
  };
const absent = z.never().optional();

/** Every type that the stack may have. One that is missing here is to be looked up on its price page first. */
const KINDS: Readonly<Record<string, Kind>> = {
  "AWS::ApiGatewayV2::Api": free,
  "AWS::ApiGatewayV2::ApiMapping": free,
  "AWS::ApiGatewayV2::DomainName": free,
  "AWS::ApiGatewayV2::Integration": free,
  "AWS::ApiGatewayV2::Route": free,
  "AWS::ApiGatewayV2::Stage": free,
  "AWS::ApplicationAutoScaling::ScalableTarget": checked(z.object({ MinCapacity: z.literal(0) })),
  "AWS::ApplicationAutoScaling::ScalingPolicy": free,
  "AWS::AutoScaling::AutoScalingGroup": checked(
    z.object({ MinSize: z.literal("0"), DesiredCapacity: absent, MetricsCollection: absent }),
  ),
  "AWS::CloudWatch::Alarm": alarm,
  "AWS::CloudWatch::Dashboard": () => ({ dashboard: 1 }),
  "AWS::DynamoDB::GlobalTable": checked(z.object({ BillingMode: z.literal("PAY_PER_REQUEST") })),
  "AWS::EC2::InternetGateway": free,
  "AWS::EC2::LaunchTemplate": free,
  "AWS::EC2::Route": free,
  "AWS::EC2::RouteTable": free,
  "AWS::EC2::SecurityGroup": free,
  "AWS::EC2::Subnet": free,
  "AWS::EC2::SubnetRouteTableAssociation": free,
  "AWS::EC2::VPC": free,
  // An endpoint that is an interface bills by the hour.
  "AWS::EC2::VPCEndpoint": checked(z.object({ VpcEndpointType: z.literal("Gateway") })),
  "AWS::EC2::VPCGatewayAttachment": free,
  "AWS::ECS::CapacityProvider": capacityProvider,
  // Container Insights are metrics.
  "AWS::ECS::Cluster": checked(z.object({ ClusterSettings: absent }).optional()),
  "AWS::ECS::ClusterCapacityProviderAssociations": free,
  "AWS::ECS::Service": checked(
    z.object({ DesiredCount: z.literal(0), LoadBalancers: z.tuple([]).optional() }),
  ),
  "AWS::ECS::TaskDefinition": free,
  "AWS::Events::Rule": rule,
  "AWS::IAM::InstanceProfile": free,
  "AWS::IAM::Policy": free,
  "AWS::IAM::Role": free,
  "AWS::Lambda::EventSourceMapping": checked(z.object({ ProvisionedPollerConfig: absent }), {
    queueRequest: (POLLS_AT_ONCE * HOURS_PER_MONTH * 3600) / POLL_SECONDS,
  }),
  "AWS::Lambda::Function": checked(z.object({ SnapStart: absent })),
  "AWS::Lambda::LayerVersion": free,
  "AWS::Lambda::EventInvokeConfig": free,
  "AWS::Lambda::Permission": free,
  "AWS::Logs::LogGroup": storage,
  // Asks its queue as a function's mapping does.
  "AWS::Pipes::Pipe": () => ({ queueRequest: (POLLS_AT_ONCE * HOURS_PER_MONTH * 3600) / POLL_SECONDS }),
  "AWS::S3::Bucket": checked(
    z.object({
      MetricsConfigurations: absent,
      AnalyticsConfigurations: absent,
      InventoryConfigurations: absent,
    }),
  ),
  "AWS::S3::BucketPolicy": free,
  "AWS::SNS::Subscription": free,
  "AWS::SNS::Topic": free,
  "AWS::SNS::TopicPolicy": free,
  // A key of one's own would cost a dollar.
  "AWS::SQS::Queue": checked(
    z.object({ KmsMasterKeyId: absent, ReceiveMessageWaitTimeSeconds: z.literal(POLL_SECONDS) }),
  ),
  "AWS::SQS::QueuePolicy": free,
  "AWS::StepFunctions::StateMachine": free,
  "Custom::S3AutoDeleteObjects": free,
};

const METRIC = z.object({ MetricStat: z.object({ Period: z.number().min(60) }).optional() });
const ALARM = z.union([
  z.object({ Metrics: z.array(METRIC) }),
  z.object({ Period: z.number().min(60), MetricName: z.string() }),
]);

function alarm(properties: unknown): Use {
  const parsed = ALARM.parse(properties);
  const metrics = "Metrics" in parsed ? parsed.Metrics.filter((each) => each.MetricStat).length : 1;
  return { alarmMetric: metrics };
}

const PROVIDER = z.union([
  z.object({ ManagedInstancesProvider: z.unknown() }).transform(() => 0),
  z
    .object({ AutoScalingGroupProvider: z.object({ ManagedScaling: z.object({ Status: z.string() }) }) })
    .transform((each) =>
      each.AutoScalingGroupProvider.ManagedScaling.Status === "ENABLED" ? ALARMS_OF_MANAGED_SCALING : 0,
    ),
]);

function capacityProvider(properties: unknown): Use {
  return { alarmMetric: PROVIDER.parse(properties) };
}

const RULE = z.union([
  z.object({ EventPattern: z.object({}), ScheduleExpression: absent }).transform(() => null),
  z
    .object({
      ScheduleExpression: z.literal("rate(1 minute)"),
      Targets: z.tuple([
        z.object({ Arn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }) }),
      ]),
    })
    .transform(({ Targets: [{ Arn }] }) => Arn["Fn::GetAtt"][0]),
]);
const FUNCTION = z.object({ MemorySize: z.number(), TracingConfig: z.unknown().optional() });

/** Of events that come by themselves nothing is to be expected; the clock brings the sweep. */
function rule(properties: unknown, { Resources }: Template): Use {
  const target = RULE.parse(properties);
  if (target === null) return {};
  const { MemorySize, TracingConfig } = FUNCTION.parse(Resources[target]?.Properties);
  const runs = HOURS_PER_MONTH * 60;
  return {
    functionRun: runs,
    trace: TracingConfig === undefined ? 0 : runs,
    functionGigabyteSecond: (runs * SWEEP.seconds * MemorySize) / 1024,
    queueRequest: runs * SWEEP.queueRequests,
    readUnit: (runs * SWEEP.queries) / 2,
    logGigabyte: (runs * SWEEP.logBytes) / 1e9,
  };
}

/** Of each resource that uses anything. Throws RangeError naming a type that is not known, ZodError for what costs more. */
export function idleUses(template: Template): IdleUse[] {
  return Object.entries(template.Resources)
    .map(([id, { Type: type, Properties }]) => {
      const kind = KINDS[type];
      if (!kind) throw new RangeError(`Does ${type} (${id}) bill while it is idle? Add it to the kinds.`);
      return { id, type, use: kind(Properties, template) };
    })
    .filter(({ use }) => Object.values(use).some((amount) => amount > 0));
}

/** Dollars a month: by list price, and what is left of it where nothing else uses what an account has for free. */
export function idleCost(uses: readonly { use: Use }[]): { list: number; billed: number } {
  let list = 0;
  let billed = 0;
  for (const [name, { price, free }] of Object.entries(PRICES)) {
    const amount = uses.reduce((sum, { use }) => sum + (use[name as keyof Use] ?? 0), 0);
    list += amount * price;
    billed += Math.max(0, amount - free) * price;
  }
  return { list, billed };
}
