import type { FaultCollector } from "./fault-collector.ts";
import type { ModelType } from "./model.ts";
import type { ReadType } from "./read-type.ts";

/**
 * Types that share a container must be told apart by one discriminator property with a value
 * each, and agree about the container's partition key. `types` and `read` go in parallel.
 */
export function checkContainers(
  types: readonly ModelType[],
  read: readonly ReadType[],
  faults: FaultCollector,
): void {
  types.forEach((type, index) => {
    const node = read[index]?.node.name;
    const earlier = types
      .slice(0, index)
      .filter((other) => other.container === type.container && type.container !== "");
    if (node === undefined || earlier.length === 0) {
      return;
    }
    for (const other of earlier) {
      const message = sharingFault(other, type);
      if (message !== undefined) {
        faults.at(node, message);
      }
    }
  });
}

function sharingFault(left: ModelType, right: ModelType): string | undefined {
  const both = `"${left.name}" and "${right.name}" share the container "${left.container}"`;
  if (left.discriminator === undefined || right.discriminator === undefined) {
    return `${both}, so each needs a discriminator: @container(name: "${left.container}", discriminator: { field: "type", value: "…" }).`;
  }
  if (left.discriminator.property !== right.discriminator.property) {
    return `${both} but have different discriminator fields, "${left.discriminator.property}" and "${right.discriminator.property}". Use one.`;
  }
  if (left.discriminator.value === right.discriminator.value) {
    return `${both} and the discriminator value "${left.discriminator.value}". Give each its own.`;
  }
  const keyOf = (type: ModelType) =>
    type.partitionKey.map(({ path }) => `/${path.join("/")}`).join(", ");
  if (
    left.partitionKey.length > 0 &&
    right.partitionKey.length > 0 &&
    keyOf(left) !== keyOf(right)
  ) {
    return `${both} but not its partition key: ${keyOf(left)} against ${keyOf(right)}. A container has one.`;
  }
  return undefined;
}
