import type { FaultCollector } from "./fault-collector.ts";
import type { ReverseReference } from "./model.ts";
import type { ReadField } from "./read-field.ts";
import {
  checkNotStored,
  findKeyFields,
  findTarget,
  type TypeWithoutReferences,
} from "./read-reference.ts";
import type { ReadType } from "./read-type.ts";

/** The fields of a stored type with `@reference(from:)`, as far as they make sense. */
export function readReverseReferences(
  read: ReadType | undefined,
  owner: TypeWithoutReferences,
  types: readonly TypeWithoutReferences[],
  faults: FaultCollector,
): readonly ReverseReference[] {
  return (read?.fields ?? []).flatMap((written): readonly ReverseReference[] => {
    const directive = written.directives.get("reference");
    if (directive === undefined) {
      return [];
    }
    if ((directive.id === undefined) === (directive.from === undefined)) {
      faults.at(
        written.node,
        `@reference needs either "id", the field here that holds the other item's id, or "from", the field there that holds this item's id.`,
      );
      return [];
    }
    const target = directive.from === undefined ? undefined : findTarget(written, types, faults);
    if (target === undefined) {
      return [];
    }
    checkNotStored(written, faults);
    checkShape(written, faults);
    const fromField = findFromField(written, String(directive.from), target, faults);
    const partitionKeyFields = findKeyFields(
      written,
      directive.partitionKey,
      owner,
      target,
      faults,
    );
    const { name, description, deprecationReason, type } = written.field;
    return fromField === undefined
      ? []
      : [
          {
            name,
            description,
            deprecationReason,
            target: target.name,
            nullable: type.nullable,
            fromField,
            partitionKeyFields,
          },
        ];
  });
}

function checkShape({ node, field }: ReadField, faults: FaultCollector): void {
  const { name, listDepth, nullableItems } = field.type;
  if (listDepth !== 1 || nullableItems) {
    faults.at(
      node,
      `"${field.name}" is the list of all items that refer here. Write "${field.name}: [${name}!]!".`,
    );
  }
}

function findFromField(
  { node }: ReadField,
  name: string,
  target: TypeWithoutReferences,
  faults: FaultCollector,
) {
  const found = target.fields.find((field) => field.name === name);
  if (
    found === undefined ||
    !["ID", "String"].includes(found.type.name) ||
    found.type.listDepth > 1
  ) {
    faults.at(
      node,
      `@reference(from: "${name}") names no field of "${target.name}" that holds an id or ids. Name one, such as "customerId: ID!".`,
    );
    return undefined;
  }
  return found;
}
