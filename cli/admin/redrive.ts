import { Command } from "commander";
import type { Queue } from "../../src/jobs/ports/index.ts";
import { redrive } from "../../src/jobs/work/redrive.ts";
import { EXIT, print, printJson, say, type Terminal } from "../terminal.ts";

const HELP = `
Example:
  scriptorium admin redrive arn:aws:sqs:eu-west-1:123456789012:Scriptorium-WebhooksDead    # an output of the stack

The credentials are AWS's own: AWS_PROFILE, AWS_REGION and so on. Doing it twice does no harm.
Exit codes: 0 all were sent; 1 something went wrong, the rest is where it was; 2 the command line is wrong.`;

/** `scriptorium admin redrive ARN`: dead letters of a service on AWS go back to their queue. */
export function redriveCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command("redrive")
    .description(
      "Send the dead letters of a queue on AWS to their queue again, once what was wrong is mended.",
    )
    .argument("<arn>", "of the queue of dead letters")
    .option("--json", "what was done as JSON")
    .addHelpText("after", HELP)
    .action(async (arn: string, { json }: { json?: true }) => {
      const { deadLetters, queue } = await open(arn);
      const sent = await redrive(deadLetters, queue, (count) => say(terminal, `${count} sent`));
      if (json) await printJson(terminal, { from: deadLetters.name, to: queue.name, sent });
      else await print(terminal, `${sent} messages of ${deadLetters.name} were sent to ${queue.name} again.`);
      exit(EXIT.done);
    });
}

/** Only here: the SDK's modules would slow down every other command. */
async function open(arn: string): Promise<{ deadLetters: Queue; queue: Queue }> {
  const [{ SQSClient }, { openDeadLetters }] = await Promise.all([
    import("@aws-sdk/client-sqs"),
    import("../../src/aws/dead-letters.ts"),
  ]);
  return openDeadLetters(new SQSClient(), arn);
}
