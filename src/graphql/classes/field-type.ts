import type { FieldType } from "../../model/model.ts";
import { isModelScalar } from "../../model/model.ts";
import type { ApiField, ApiType } from "./api-class.ts";
import { API_SCALARS } from "./scalars.ts";

/** Finds the class of an enum or embedded type, for output or for input. */
export type FindType = (name: string) => ApiType;

/** Find the classes of a model's own types, as output and as input. */
export interface ModelClasses {
  readonly outputOf: FindType;
  readonly inputOf: FindType;
}

/** The type of a model's field, with its lists. */
export function fieldTypeThunk(type: FieldType, findType: FindType): ApiField["type"] {
  return () => {
    let apiType: ApiType = namedType(type, findType);
    for (let depth = 0; depth < type.listDepth; depth += 1) {
      apiType = [apiType];
    }
    return apiType;
  };
}

export function namedType(type: FieldType, findType: FindType): ApiType {
  return type.kind === "scalar" && isModelScalar(type.name)
    ? API_SCALARS[type.name]
    : findType(type.name);
}

/** How type-graphql writes which of a list and its elements may be null. */
export function fieldNullability(type: FieldType): NonNullable<ApiField["nullable"]> {
  if (type.listDepth === 0 || !type.nullableItems) {
    return type.nullable;
  }
  return type.nullable ? "itemsAndList" : "items";
}

/** A sentence with a type's description behind it, if it has one, as a sentence too. */
export function withDescription(sentence: string, description = ""): string {
  const text = description.trim();
  if (text === "") {
    return sentence;
  }
  return `${sentence} ${/[.!?]$/.test(text) ? text : `${text}.`}`;
}
