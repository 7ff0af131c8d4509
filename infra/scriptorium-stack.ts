import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Scriptorium, type ScriptoriumProps } from "./scriptorium.ts";

/** The service in a stack of its own, with what its operator must know as outputs. */
export class ScriptoriumStack extends Stack {
  readonly scriptorium: Scriptorium;

  constructor(scope: Construct, id: string, props: ScriptoriumProps, options: StackProps = {}) {
    super(scope, id, { description: "Scriptorium: a transcription service", ...options });
    // "Default" is left out of the names of resources.
    this.scriptorium = new Scriptorium(this, "Default", props);
    const { url, bucket, parts } = this.scriptorium;
    const { frontDoor, service } = parts;
    this.#say("Url", url, "The API. SCRIPTORIUM_URL for the command line; its documentation is at /docs");
    this.#say("BucketName", bucket.bucketName, "Recordings under inbox/OWNER/ need no call of the API");
    this.#say(
      "TableName",
      service.storage.table.tableName,
      "Records. First of all: npm run aws:keys -- create --table THIS --owner OWNER",
    );
    this.#say(
      "WebhooksDeadArn",
      service.queues.dead.webhooks.queueArn,
      "Webhooks that could not be worked on, for redriving",
    );
    if (frontDoor.domainTarget !== null)
      this.#say("DomainTarget", frontDoor.domainTarget, "Where the domain's CNAME must point");
  }

  #say(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
