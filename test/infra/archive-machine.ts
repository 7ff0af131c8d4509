import { synthesise } from "./synthesis.ts";

export interface State {
  Type: string;
  Next?: string;
  End?: boolean;
  Default?: string;
  Choices?: { Variable: string; StringEquals: string; Next: string }[];
  Resource?: string;
  Parameters?: Record<string, unknown>;
  ResultPath?: string | null;
  Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
  Catch?: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  ItemProcessor?: Definition & { ProcessorConfig: Record<string, string> };
  ItemReader?: {
    Resource: string;
    ReaderConfig?: Record<string, string>;
    Parameters: Record<string, string>;
  };
  ItemBatcher?: Record<string, unknown>;
  ResultWriter?: {
    Resource: string;
    Parameters: Record<string, string>;
    WriterConfig?: Record<string, string>;
  };
  MaxConcurrency?: number;
  ToleratedFailurePercentage?: number;
}

export interface Definition {
  StartAt: string;
  States: Record<string, State>;
}

/** The state machine's definition as CloudFormation would put it together, in the bucket `bucket`. */
export function archiveDefinition(bucket = "the-bucket"): Definition {
  const [machine] = Object.values(synthesise().findResources("AWS::StepFunctions::StateMachine"));
  const parts = machine.Properties.DefinitionString["Fn::Join"][1] as (string | Record<string, unknown>)[];
  return JSON.parse(
    parts.map((part) => (typeof part === "string" ? part : reference(part, bucket))).join(""),
  );
}

function reference(part: Record<string, unknown>, bucket: string): string {
  if (part.Ref === "AWS::Partition") return "aws";
  if (/^StorageBucket/.test(String(part.Ref))) return bucket;
  const [id] = part["Fn::GetAtt"] as string[];
  return `arn:aws:lambda:eu-central-1:123456789012:function:${/^Archive(\w+?)[0-9A-F]{8}$/.exec(id)?.[1]}`;
}

/** It reads no JSON Lines and no inventories. */
const UNKNOWN_TO_MOTO = new Set([
  ...["JsonLines", "Inventory"],
  ...["ListPage", "AnyOnPage", "Page", "MorePages", "NextPage", "CopyManifest"],
]);

/**
 * The same for moto's interpreter, which reads listings and CSV alone and calls no functions without Docker: what
 * would call one tells a queue. It knows neither batches of items nor how results are written.
 */
export function forMoto(definition: Definition, queueUrl: string): Definition {
  const { Choices, ...choice } = definition.States.WhichList;
  const States = Object.fromEntries(
    Object.entries(definition.States)
      .filter(([name]) => !UNKNOWN_TO_MOTO.has(name))
      .map(([name, state]) => [name, simpler(name, state, queueUrl)]),
  );
  const known = Choices?.filter(({ Next }) => Next in States) ?? [];
  return { ...definition, States: { ...States, WhichList: { ...choice, Choices: known } } };
}

function simpler(name: string, state: State, queueUrl: string): State {
  const { ItemBatcher, ResultWriter, ItemProcessor, ...rest } = state;
  if (ItemProcessor) {
    const States = Object.entries(ItemProcessor.States).map(([inner, task]) => [
      inner,
      simpler(inner, task, queueUrl),
    ]);
    return { ...rest, ItemProcessor: { ...ItemProcessor, States: Object.fromEntries(States) } };
  }
  if (state.Type !== "Task") return state;
  const input = state.Parameters ? { input: state.Parameters } : { "input.$": "$" };
  return {
    ...rest,
    Resource: "arn:aws:states:::sqs:sendMessage",
    Parameters: { QueueUrl: queueUrl, MessageBody: { state: name, ...input } },
  };
}
