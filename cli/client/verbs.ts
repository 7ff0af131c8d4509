import type { Command } from "commander";
import { addTranscriptionId } from "../option-parsers.ts";
import { EXIT, print, printJson, type Terminal } from "../terminal.ts";
import type { ApiClient } from "./api-client.ts";
import { type ConnectionOptions, clientCommand, withClient } from "./command.ts";
import { eachId } from "./each-id.ts";

/** What a command of a deployment does with one id, and how it says so. */
export interface Verb<Answer> {
  name: string;
  description: string;
  help: string;
  act(client: ApiClient, id: string): Promise<Answer>;
  /** For people; with --json the answer itself is printed. */
  line(answer: Answer, id: string): string;
}

export interface OneOf<Answer> extends Verb<Answer> {
  /** What the id is of, and what reads it. */
  argument: [what: string, parse: (value: string) => string];
  json: string;
}

type Options = ConnectionOptions & { json?: true };

/** `NAME ID`: what the service answers about one thing. */
export function verbOfOne<Answer>(
  { argument: [what, parse], json, ...verb }: OneOf<Answer>,
  terminal: Terminal,
  exit: (code: number) => void,
): Command {
  return declare(verb)
    .argument("<id>", what, parse)
    .option("--json", json)
    .addHelpText("after", verb.help)
    .action(async (id: string, options: Options) => {
      const code = await withClient(options, async (client) => {
        await tell(verb, id, await verb.act(client, id), options, terminal);
        return EXIT.done;
      });
      exit(code);
    });
}

/** `NAME ID…` of transcriptions: what the service will not have is reported, and the others go on. */
export function verbOfEach<Answer>(
  verb: Verb<Answer>,
  terminal: Terminal,
  exit: (code: number) => void,
): Command {
  return declare(verb)
    .argument("<ids...>", "transcriptions", addTranscriptionId)
    .option("--json", "one JSON object per transcription")
    .addHelpText("after", verb.help)
    .action(async (ids: string[], options: Options) => {
      const json = options.json === true;
      const code = await withClient(options, (client) =>
        eachId(ids, { client, terminal, json }, async (id) =>
          tell(verb, id, await verb.act(client, id), options, terminal),
        ),
      );
      exit(code);
    });
}

function declare({ name, description }: Pick<Verb<never>, "name" | "description">): Command {
  return clientCommand(name).description(description);
}

function tell<Answer>(
  { line }: Pick<Verb<Answer>, "line">,
  id: string,
  answer: Answer,
  { json }: Options,
  terminal: Terminal,
): Promise<void> {
  return json ? printJson(terminal, answer) : print(terminal, line(answer, id));
}
