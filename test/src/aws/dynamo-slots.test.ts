import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DynamoSlots } from "../../../src/aws/dynamo-slots.ts";
import { describeSlots } from "../../contract/slots.contract.ts";
import { createTable } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { ManualClock } from "../local/manual-clock.ts";

describeWithMoto("DynamoSlots against moto", () => {
  describeSlots("DynamoSlots", async (options) => {
    const clock = new ManualClock();
    const client = DynamoDBDocumentClient.from(new DynamoDBClient());
    const slots = new DynamoSlots({ ...options, client, tableName: await createTable(), clock });
    return { slots, advance: (seconds) => clock.advance(seconds) };
  });
});
