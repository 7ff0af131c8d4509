import { Command } from "commander";
import { s3Client } from "../../src/aws/services.ts";
import { Deployed } from "./deployed.ts";
import { smoke } from "./run.ts";
import { apiKey } from "./settings.ts";

interface Flags {
  url: string;
  bucket: string;
  owner: string;
  origin?: string;
  webhook?: string;
  longHours?: number;
  cluster?: string;
  service?: string;
  fisTemplate?: string;
  patience: number;
}

/** `npm run aws:smoke -- --url URL --bucket BUCKET --owner OWNER`: docs/deploy.md, "Try what was deployed". */
const program = new Command("smoke")
  .description(
    "try a deployed service from outside. Each line says what was proved. The key is in SCRIPTORIUM_API_KEY.",
  )
  .requiredOption("--url <url>", "Url of the stack's outputs")
  .requiredOption("--bucket <name>", "BucketName of the stack's outputs")
  .requiredOption("--owner <owner>", "of the key")
  .option("--origin <origin>", "of a page that may upload, one of corsOrigins")
  .option("--webhook <url>", "an endpoint that answers 2xx")
  .option(
    "--long-hours <n>",
    "length of a recording with a transcript for which an answer has no room",
    Number,
  )
  .option("--cluster <name>", "of ECS, with --service: deploy anew under load")
  .option("--service <name>", "of ECS")
  .option("--fis-template <id>", "an experiment that interrupts a Spot instance of the workers")
  .option("--patience <seconds>", "for one step, a cold start included", Number, 1800)
  .action(async (flags: Flags) => {
    const key = apiKey();
    if (key === null) program.error("Set SCRIPTORIUM_API_KEY to a key of the owner.", { exitCode: 2 });
    const { url, bucket, owner, origin, webhook, longHours, cluster, service, fisTemplate, patience } = flags;
    const deployed = new Deployed({
      url,
      apiKey: key ?? "",
      owner,
      bucket,
      s3: s3Client(),
      origin: origin ?? null,
      webhookUrl: webhook ?? null,
      batches: true,
      longHours: longHours ?? null,
      service: cluster !== undefined && service !== undefined ? { cluster, name: service } : null,
      interruption: fisTemplate ?? null,
      patience,
    });
    const { failed } = await smoke(deployed, (line) => process.stdout.write(`${line}\n`));
    process.exitCode = failed.length > 0 ? 1 : 0;
  });

await program.parseAsync();
