import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { DynamoRateLimiter } from "../../../src/aws/dynamo-rate-limiter.ts";
import { createTable } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { ManualClock } from "../local/manual-clock.ts";

describeWithMoto("DynamoRateLimiter against moto", () => {
  /** Processes that share a table; `requests` counts what they ask of it. */
  const world = async (requestsPerMinute: number, processes = 1) => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient());
    let requests = 0;
    client.middlewareStack.add((next) => (request) => {
      requests++;
      return next(request);
    });
    const tableName = await createTable();
    const clock = new ManualClock();
    const limiters = Array.from(
      { length: processes },
      () => new DynamoRateLimiter({ client, tableName, requestsPerMinute, clock }),
    );
    return { limiters, clock, requests: () => requests };
  };
  const takeMany = async (limiter: DynamoRateLimiter, count: number, key = "ke_1") => {
    let allowed = 0;
    for (let i = 0; i < count; i++) if ((await limiter.take(key)).allowed) allowed++;
    return allowed;
  };

  test("tells how many are left, over all processes as far as one knows", async () => {
    const { limiters, clock } = await world(1000, 2);
    expect(await limiters[0].take("ke_1")).toMatchObject({ remaining: 999 });
    expect(await limiters[0].take("ke_1")).toMatchObject({ remaining: 998 });
    // The other one has ten, of which it has used none that is known here.
    expect(await limiters[1].take("ke_1")).toMatchObject({ remaining: 989 });
    clock.advance(60);
    expect(await limiters[0].take("ke_1")).toMatchObject({ remaining: 999 });
  });

  test("lets so many requests of a key pass in a minute, over all processes", async () => {
    const { limiters, clock } = await world(10, 2);
    expect(await takeMany(limiters[0], 7)).toBe(7);
    expect(await takeMany(limiters[1], 7)).toBe(3);
    expect(await takeMany(limiters[0], 7)).toBe(0);
    expect(await takeMany(limiters[0], 1, "ke_2")).toBe(1);
    clock.advance(60);
    expect(await takeMany(limiters[0], 11)).toBe(10);
  });

  test("says when the next minute begins", async () => {
    const { limiters, clock } = await world(1);
    await limiters[0].take("ke_1");
    const secondsLeft = 60 - ((clock.now() / 1000) % 60);
    expect(await limiters[0].take("ke_1")).toMatchObject({
      allowed: false,
      retryAfterSeconds: Math.ceil(secondsLeft),
    });
  });

  test("writes once for many requests, and never gives out more than the limit", async () => {
    const { limiters, requests } = await world(250, 2);
    expect(await takeMany(limiters[0], 200)).toBe(200);
    expect(requests()).toBe(100);
    const both = (await takeMany(limiters[1], 100)) + (await takeMany(limiters[0], 100));
    expect(both).toBe(50);
    const before = requests();
    expect(await takeMany(limiters[0], 20)).toBe(0);
    expect(requests()).toBe(before);
  });
});
