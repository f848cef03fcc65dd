import { test } from "vitest";
import { startApiUnderTest } from "./api-under-test.ts";
import { aggregateItems } from "../../src/items/sql/aggregate-items.ts";
import { ALWAYS } from "../../src/items/sql/condition.ts";
test.each([1,4])("x %i", async (partitions) => {
  let items: any;
  const api = await startApiUnderTest({ partitions, model: `type Note @container(name: "notes") { id: ID! owner: String! @partitionKey n: Int }`,
    containers: [{ id: "notes", partitionKey: { paths: ["/owner"] }, items: ["a","b","c"].flatMap(owner => [1,2,3].map(i => ({ id: `${i}`, owner, n: i === 3 ? "x" as any : i, s: `${owner}${i}` }))) }] });
  const orig = api.schema.getQueryType()!.getFields().viewer!;
  orig.resolve = (_a: any, _b: any, ctx: any) => { items = ctx.items; return {profile: "x"}; };
  for (const perms of [[{container:"notes"}],[{container:"notes",partitionKey:["a"]}]] as any) {
  await api.as("x"+perms.length+JSON.stringify(perms).length, ...perms)("{ viewer { profile } }");
  const key = perms[0].partitionKey;
  try { console.log(partitions, await aggregateItems(items, "notes", key ? {kind:"one",partitionKey:key} : {kind:"container"}, ALWAYS, [
    {operator:"SUM", path:["n"], type:"IS_NUMBER"},{operator:"COUNT", path:["n"], type:"IS_NUMBER"},{operator:"MIN", path:["s"], type:"IS_STRING"},{operator:"MAX", path:["s"], type:"IS_STRING"},{operator:"MAX", path:["zz"], type:"IS_STRING"}])); } catch(e) { console.log("ERR", e, (e as any).logReason, (e as any).cause); }
  }
  await api.stop();
});
