import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import type { Context } from "aws-lambda";
import { expect, test } from "vitest";
import { silentLog } from "../../local/log.ts";
import { awsServices } from "../../src/aws/services.ts";
import { readAwsSettings, readStateMachineArn } from "../../src/aws/settings.ts";
import { createBatch } from "../../src/jobs/batches/create-batch.ts";
import { RESTART_SECONDS } from "../../src/jobs/use-cases/sweep.ts";
import { batchRequest } from "../support/archive.ts";
import { createBucket } from "../support/aws-resources.ts";
import { describeWithMoto } from "../support/moto.ts";
import { openAccount } from "./support/account.ts";
import { CONTEXT } from "./support/api-client.ts";
import { NO_METRICS } from "./support/no-metrics.ts";

const ADA = { owner: "ada", keyId: "ke_1" };

describeWithMoto("the sweep against moto", () => {
  test("starts the listing of a batch whose request died before it could, once and with its own input", {
    timeout: 300_000,
  }, async () => {
    const tapes = await createBucket();
    await openAccount({ SCRIPTORIUM_SOURCE_BUCKETS: JSON.stringify({ [tapes]: "*" }) });
    const client = new SFNClient();
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: readStateMachineArn().split(":").at(-1),
        definition: JSON.stringify({ StartAt: "List", States: { List: { Type: "Pass", End: true } } }),
        roleArn: "arn:aws:iam::123456789012:role/archive",
      }),
    );
    expect(stateMachineArn).toBe(readStateMachineArn());

    const services = awsServices(readAwsSettings(), { log: silentLog, metrics: NO_METRICS });
    const source = { kind: "prefix" as const, bucket: tapes, prefix: "1987/" };
    const dying = (ageSeconds: number) => ({
      ...services,
      clock: { now: () => Date.now() - ageSeconds * 1000 },
      startListing: () => Promise.reject(new Error("out of memory")),
    });
    for (const age of [RESTART_SECONDS + 1, 0])
      await expect(createBatch(dying(age), ADA, batchRequest({ source }), null)).rejects.toThrow("memory");
    const { items } = await services.store.listBatches({ ...ADA, limit: 10 });
    expect(items.map(({ state }) => state)).toEqual(["listing", "listing"]);
    const [, older] = items;

    const { handler } = await import("../../functions/sweep/main.ts");
    for (let times = 0; times < 3; times++) await handler({}, CONTEXT as Context);

    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions.map(({ name }) => name)).toEqual([older.id]);
    const { input = "" } = await client.send(
      new DescribeExecutionCommand({ executionArn: executions[0].executionArn }),
    );
    expect(JSON.parse(input)).toEqual({ batch_id: older.id, kind: "prefix", bucket: tapes, prefix: "1987/" });
  });
});
