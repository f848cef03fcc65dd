import type { NameNode } from "graphql";
import type { FaultCollector } from "./fault-collector.ts";

/** Of a type, field or enum value, or of an argument that is made from fields. */
export function refuseReservedName(node: NameNode, faults: FaultCollector): void {
  if (node.value.startsWith("__")) {
    faults.at(node, `"${node.value}" can't start with two underscores: GraphQL keeps those names.`);
  }
}
