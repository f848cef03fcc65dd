import type { FieldDefinitionNode, ObjectTypeDefinitionNode } from "graphql";
import type { DirectiveArguments } from "./read-directive.ts";
import type { ReadField } from "./read-field.ts";

/** An object type as read, before it is known whether it is stored or embedded. */
export interface ReadType {
  readonly node: ObjectTypeDefinitionNode;
  /** What `@container` says, where it is there. */
  readonly container: DirectiveArguments | undefined;
  /** The fields that make sense. */
  readonly fields: readonly ReadField[];
}

/** A field as it stands in the file, faulty or not: what is there but wrong is not missing too. */
export function writtenField(
  type: ReadType,
  isWanted: (field: FieldDefinitionNode) => boolean,
): FieldDefinitionNode | undefined {
  return type.node.fields?.find(isWanted);
}
