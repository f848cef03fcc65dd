import { ALWAYS, type Condition, equal } from "../../items/sql/condition.ts";
import type { QueriedType } from "../../model/model.ts";

/** Items of this type alone, or of an abstract type's members, in a container that holds others. */
export function typeCondition(type: QueriedType): Condition {
  if ("members" in type) {
    const values = type.members.flatMap(({ discriminator }) => discriminator?.value ?? []);
    return { kind: "in", path: [type.discriminatorProperty], values };
  }
  return type.discriminator === undefined
    ? ALWAYS
    : equal([type.discriminator.property], type.discriminator.value);
}
