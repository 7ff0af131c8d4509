import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { synthesise } from "../../infra/synthesis.ts";
import { freshName } from "../../support/aws-resources.ts";

type State = Record<string, unknown>;
type Definition = State & { States: Record<string, State> };

export interface MotoStateMachine {
  arn: string;
  /** How the map over a listing puts items together. */
  batching: unknown;
}

/** What an execution comes to: what finish-listing would get, and the items that enqueue-archive would. */
export interface ListingOutcome {
  finish: { batch_id: string; error?: { Error: string; Cause?: string } };
  items?: Record<string, unknown>[];
}

/**
 * The stack's state machine in moto. Its interpreter has no functions: what those would get becomes the execution's
 * output instead. Nor does it know batches of items, result writers, and lists other than listings and CSV: these are
 * left out.
 */
export async function createStateMachine(endpoint: string): Promise<MotoStateMachine> {
  const config = { stepfunctions: { execute_state_machine: true } };
  await fetch(`${endpoint}/moto-api/config`, { method: "POST", body: JSON.stringify(config) });
  const definition = stackDefinition();
  const { stateMachineArn } = await new SFNClient().send(
    new CreateStateMachineCommand({
      name: freshName("archive"),
      definition: JSON.stringify(forMoto(definition)),
      roleArn: "arn:aws:iam::123456789012:role/archive",
      type: "STANDARD",
    }),
  );
  return { arn: stateMachineArn ?? "", batching: definition.States.Objects.ItemBatcher };
}

function forMoto({ States, ...definition }: Definition): Definition {
  const { WhichList, Objects, FinishListing, FailListing, UnknownKind } = States;
  const { ItemBatcher: _, ResultWriter: __, ResultPath: ___, ...map } = Objects;
  const processor = map.ItemProcessor as Definition;
  const [step] = Object.keys(processor.States);
  // Without the time, which moto cannot write into an output.
  const Parameters = { "Key.$": "$.Key", "Size.$": "$.Size", "ETag.$": "$.ETag" };
  const ItemProcessor = { ...processor, States: { [step]: { Type: "Pass", End: true, Parameters } } };
  return {
    ...definition,
    States: {
      UnknownKind,
      WhichList: {
        ...WhichList,
        Choices: (WhichList.Choices as State[]).filter(({ Next }) => Next === "Objects"),
      },
      Objects: { ...map, ItemProcessor, ResultPath: "$.items" },
      FinishListing: outcome(FinishListing, { "items.$": "$.items" }),
      FailListing: outcome(FailListing),
    },
  };
}

function outcome({ Parameters }: State, more: State = {}): State {
  return { Type: "Pass", End: true, Parameters: { finish: Parameters, ...more } };
}

/** The definition as it is deployed, but for names that CloudFormation fills in. */
function stackDefinition(): Definition {
  const machines = synthesise().findResources("AWS::StepFunctions::StateMachine");
  const [machine] = Object.values(machines);
  const [separator, parts] = machine.Properties.DefinitionString["Fn::Join"] as [string, unknown[]];
  const filled = parts.map((part) => (typeof part === "string" ? part : nameOf(part)));
  return JSON.parse(filled.join(separator));
}

function nameOf(part: unknown): string {
  const [[kind, value]] = Object.entries(part as object);
  return kind === "Ref" ? String(value).replace("AWS::Partition", "aws") : String((value as string[])[0]);
}
