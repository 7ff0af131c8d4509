import { Stack, Validations } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct, type IConstruct } from "constructs";

/** Rules of cdk-nag's AWS Solutions pack that do not fit this place, each with the reason why. */
export function acknowledge(place: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const entries = Object.entries(reasons).map(([rule, reason]) => ({ id: `AwsSolutions-${rule}`, reason }));
  Validations.of(place).acknowledge(...entries);
}

/** Wildcards at the end of these resources, in what is granted. */
export function acknowledgeWildcards(
  grantee: IGrantable,
  resources: readonly string[],
  reason: string,
): void {
  const role = grantee.grantPrincipal;
  if (Construct.isConstruct(role)) acknowledgeResources(role, resources, reason);
}

/** The same for what another construct grants. */
export function acknowledgeResources(place: IConstruct, resources: readonly unknown[], reason: string): void {
  const stack = Stack.of(place);
  const names = resources.map((resource) => `IAM5[Resource::${plain(stack.resolve(resource))}]`);
  acknowledge(place, Object.fromEntries(names.map((name) => [name, reason])));
}

/** As cdk-nag writes references: `<Bucket.Arn>/uploads/*`. */
function plain(value: unknown): string {
  if (typeof value === "string") return value;
  const [[name, inner]] = Object.entries(value as Record<string, unknown>);
  if (name === "Ref") return `<${String(inner)}>`;
  if (name === "Fn::GetAtt") return `<${(inner as string[]).join(".")}>`;
  if (name !== "Fn::Join") return JSON.stringify(value);
  const [separator, parts] = inner as [string, unknown[]];
  return parts.map(plain).join(separator);
}
