import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type Item = Record<string, unknown>;
interface Meter {
  client: DynamoDBDocumentClient;
  /** Units of writing and of reading since the last time it was asked. */
  read(): { writes: number; reads: number };
}

const INDEXES = ["gsi1", "gsi2", "gsi3"] as const;
const IN_TRANSACTION = 2;

/**
 * A client that counts what DynamoDB would bill, by its rules: a write unit for each KB of an item, twice as many in a
 * transaction, one for each entry of an index that comes, goes or is replaced (two); a read unit for each 4 KB, strongly
 * consistent. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
export function meteredTable(): Meter {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const known = new Map<string, Item>();
  let writes = 0;
  let reads = 0;
  const put = (item: Item, factor: number) => {
    const key = `${item.pk} ${item.sk}`;
    writes += factor * Math.ceil(bytesOf(item) / 1024) + indexWrites(known.get(key), item);
    known.set(key, item);
  };
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const input = args.input as unknown as Record<string, unknown>;
      const output = answer.output as { Item?: Item; Items?: Item[]; Responses?: Record<string, Item[]> };
      if ("TransactItems" in input)
        for (const one of input.TransactItems as Record<string, { Item?: Item }>[]) {
          if (one.Put?.Item) put(one.Put.Item, IN_TRANSACTION);
          else writes += IN_TRANSACTION;
        }
      else if ("Item" in input) put(input.Item as Item, 1);
      else if ("UpdateExpression" in input) writes += 1;
      const read = [...(output.Items ?? []), ...Object.values(output.Responses ?? {}).flat()];
      if (output.Item) read.push(output.Item);
      if ("KeyConditionExpression" in input || "RequestItems" in input || read.length > 0)
        reads += Math.max(1, Math.ceil(read.reduce((sum, item) => sum + bytesOf(item), 0) / 4096));
      return answer;
    },
    { step: "initialize", name: "meter" },
  );
  return {
    client,
    read() {
      const figures = { writes, reads };
      writes = 0;
      reads = 0;
      return figures;
    },
  };
}

function bytesOf(item: Item): number {
  return Buffer.byteLength(JSON.stringify(item));
}

function indexWrites(before: Item | undefined, after: Item): number {
  return INDEXES.reduce((sum, index) => {
    const [was, is] = [before, after].map((item) =>
      item?.[`${index}pk`] === undefined ? null : `${item[`${index}pk`]} ${item[`${index}sk`]}`,
    );
    if (was === is) return sum;
    return sum + (was === null ? 0 : 1) + (is === null ? 0 : 1);
  }, 0);
}
