import { GeneratingSchemaError } from "type-graphql";
import { type DefinitionKind, generatedTypeNames } from "../model/generated-names.ts";
import type { Model, ModelPlace } from "../model/model.ts";
import { ModelError } from "../model/model-error.ts";
import { operationNames } from "../model/operation-names.ts";

/**
 * What the making of a model's schema met, as faults of the model with their places: for what the
 * model's own check, whose messages are better, did not foresee.
 */
export function explainSchemaRefusal(error: unknown, model: Model): ModelError {
  const owners = ownersOf(model);
  const reasons = isSchemaRefusal(error) ? refusalReasons(error) : [messageOf(error)];
  const faults = reasons.map((reason) => ({
    ...placeOf(reason, model, owners),
    message: `No API can be made of this: ${reason}`,
  }));
  return new ModelError(faults, { cause: error });
}

/** True for type-graphql's word that GraphQL found a schema invalid. */
export function isSchemaRefusal(error: unknown): error is GeneratingSchemaError {
  return error instanceof GeneratingSchemaError;
}

/** What is wrong, each reason once. */
export function refusalReasons({ details }: GeneratingSchemaError): readonly string[] {
  return [...new Set(details.map(({ message }) => message))];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The place of the first name in the text that comes from the model. GraphQL's reasons are texts
 * with names in them, such as `Name "__A" must not begin with …` and `Type OrderFilter must define
 * …`.
 */
function placeOf(
  reason: string,
  { places }: Model,
  owners: ReadonlyMap<string, string>,
): ModelPlace {
  const names = reason.match(/[A-Za-z_]\w*(\.[A-Za-z_]\w*)?/g) ?? [];
  const quoted = [...reason.matchAll(/"([A-Za-z_]\w*)"/g)].map(([, name]) => name);
  const found =
    names.map((name) => placeOfCoordinate(name, places, owners)).find((place) => place) ??
    [...places].find(([coordinate]) => quoted.includes(coordinate.split(".")[1]))?.[1];
  const [first = { path: "model", line: 1, column: 1 }] = places.values();
  return found ?? first;
}

/**
 * Of `Order.total`, and of what it became, such as `OrderInput.total` and `Mutation.createOrder`.
 */
function placeOfCoordinate(
  coordinate: string,
  places: Model["places"],
  owners: ReadonlyMap<string, string>,
): ModelPlace | undefined {
  const [typeName = "", fieldName] = coordinate.split(".");
  const owner = owners.get(coordinate) ?? owners.get(typeName) ?? typeName;
  return places.get(`${owner}.${fieldName}`) ?? places.get(owner);
}

/** The definition that brings each generated type or operation, by name or by coordinate. */
function ownersOf(model: Model): ReadonlyMap<string, string> {
  const kinds: readonly (readonly [DefinitionKind, Iterable<string>])[] = [
    ["stored", model.types.keys()],
    ["embedded", model.embeddedTypes.keys()],
    ["abstract", model.abstractTypes.keys()],
    ["enum", model.enums.keys()],
  ];
  const types = kinds.flatMap(([kind, names]) =>
    [...names].flatMap((name) =>
      generatedTypeNames(name, kind).map((generated) => [generated, name] as const),
    ),
  );
  const operations = [...model.types.keys(), ...model.abstractTypes.keys()].flatMap((name) =>
    Object.values(operationNames(name)).flatMap((operation) =>
      ["Query", "Mutation"].map((root) => [`${root}.${operation}`, name] as const),
    ),
  );
  return new Map([...types, ...operations]);
}
