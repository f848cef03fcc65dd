/** The names that a model type gets in the API, such as `order` and `orders` for `Order`. */
export interface OperationNames {
  readonly pointRead: string;
  readonly list: string;
  readonly create: string;
  readonly upsert: string;
  readonly replace: string;
  readonly patch: string;
  readonly delete: string;
  readonly createMany: string;
  readonly deleteMany: string;
  readonly transact: string;
  readonly aggregate: string;
}

export function operationNames(typeName: string): OperationNames {
  const singular = lowerFirst(typeName);
  const plural = pluralize(singular);
  return {
    pointRead: singular,
    list: plural,
    create: `create${typeName}`,
    upsert: `upsert${typeName}`,
    replace: `replace${typeName}`,
    patch: `patch${typeName}`,
    delete: `delete${typeName}`,
    createMany: `create${pluralize(typeName)}`,
    deleteMany: `delete${pluralize(typeName)}`,
    transact: `transact${pluralize(typeName)}`,
    aggregate: `${plural}Aggregate`,
  };
}

/** The regular English plural: `Category` gives `Categories`, `Box` gives `Boxes`. */
export function pluralize(noun: string): string {
  if (/[^aeiou]y$/i.test(noun)) {
    return `${noun.slice(0, -1)}ies`;
  }
  return /(s|x|z|ch|sh)$/i.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `OrderLine` gives `orderLine`, `URLMap` gives `urlMap`, `SKU` gives `sku`. */
function lowerFirst(name: string): string {
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+(?![a-z])|^[A-Z]/, (head) =>
    head.toLowerCase(),
  );
}
