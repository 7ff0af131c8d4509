import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Archive } from "./archive.ts";
import { DeadLetters } from "./dead-letters.ts";
import { FrontDoor } from "./front-door.ts";
import { GpuWorkers } from "./gpu-workers.ts";
import { BUNDLED_MANIFEST, readModelFacts } from "./model-facts.ts";
import { Observability } from "./observability.ts";
import type { ScriptoriumProps } from "./props.ts";
import { Queues } from "./queues.ts";
import type { Service } from "./service.ts";
import { Storage } from "./storage.ts";
import { Sweep } from "./sweep.ts";
import { Webhooks } from "./webhooks.ts";

/** The picture of docs/architecture.md, "The flow". */
export class ScriptoriumStack extends Stack {
  readonly #zones: readonly string[] | undefined;

  constructor(scope: Construct, id: string, props: ScriptoriumProps, options: StackProps = {}) {
    super(scope, id, { description: "Scriptorium: a transcription service", ...options });
    this.#zones = props.zones;
    const storage = new Storage(this, "Storage", props);
    const queues = new Queues(this, "Queues");
    const model = readModelFacts(props.modelManifest ?? BUNDLED_MANIFEST);
    const service: Service = { props, model, storage, queues };

    // app ── POST /v1/transcriptions ─▶ api; archivist ── POST /v1/batches ─▶ api ─▶ lists ─▶ queue archive
    const archive = new Archive(this, "Archive", service);
    const frontDoor = new FrontDoor(this, "FrontDoor", service, archive.stateMachine);
    // app ── PUT recording ─▶ bucket ─▶ queue transcribe
    storage.announceArrivals(queues.transcribe);
    // both queues ─▶ workers ─▶ results, records, queue webhooks
    const workers = new GpuWorkers(this, "Workers", service);
    // queue webhooks ─▶ the app; dead letters ─▶ failed + webhook
    const webhooks = new Webhooks(this, "Webhooks", service);
    const deadLetters = new DeadLetters(this, "DeadLetters", service);
    const sweep = new Sweep(this, "Sweep", service, archive.stateMachine);

    new Observability(this, "Observability", {
      service,
      archive,
      frontDoor,
      workers,
      webhooks,
      deadLetters,
      sweep,
    });
    this.#tellWhatNext(service, frontDoor);
  }

  /** Those that were asked for: without an account at hand CDK knows of two only. */
  override get availabilityZones(): string[] {
    return this.#zones ? [...this.#zones] : super.availabilityZones;
  }

  #tellWhatNext({ storage, queues }: Service, { url, domainTarget }: FrontDoor): void {
    const say = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    say("Url", url, "The API. SCRIPTORIUM_URL for the command line; its documentation is at /docs");
    say("BucketName", storage.bucket.bucketName, "Recordings under inbox/OWNER/ need no call of the API");
    say(
      "TableName",
      storage.table.tableName,
      "Records. First of all: npm run aws:keys -- create --table THIS --owner OWNER",
    );
    say(
      "WebhooksDeadArn",
      queues.dead.webhooks.queueArn,
      "Webhooks that could not be worked on, for redriving",
    );
    if (domainTarget !== null) say("DomainTarget", domainTarget, "Where the domain's CNAME must point");
  }
}
