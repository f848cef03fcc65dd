import { ALWAYS, type Condition, equal } from "../items/sql/condition.ts";
import type { ModelType } from "../model/model.ts";

/** Items of this type alone, in a container that holds others. */
export function typeCondition(type: ModelType): Condition {
  return type.discriminator === undefined
    ? ALWAYS
    : equal([type.discriminator.property], type.discriminator.value);
}
