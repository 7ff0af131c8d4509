/** References of a template in short: the last construct's name, without hash or attribute. */
export function resolveNames(value: unknown): string {
  if (typeof value === "string") return value;
  const [[kind, inner]] = Object.entries(value as Record<string, unknown>);
  if (kind === "Ref") return shortName(String(inner));
  if (kind === "Fn::GetAtt") return shortName((inner as string[])[0]);
  if (kind !== "Fn::Join") return JSON.stringify(value);
  const [separator, parts] = inner as [string, unknown[]];
  const whole = parts.map(resolveNames).join(separator);
  return whole.replace(/^arn:Partition:/, "").replace(/^ecs:Region:AccountId:/, "");
}

/** `StorageBucket5CB7C8EA`: `Bucket`. */
function shortName(logicalId: string): string {
  const plain = logicalId.replace(/^AWS::/, "").replace(/[0-9A-F]{8}$/, "");
  return plain.replace(
    /^(Storage|Queues|Archive(?=StateMachine|Enqueue$|Finish$|ListSource$)|Workers(?=Cluster))/,
    "",
  );
}
