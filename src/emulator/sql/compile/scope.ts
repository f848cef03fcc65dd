/** Names that are visible at a place of the query, each with its slot in the row. */
export interface Scope {
  find(name: string): number | undefined;
  /** This scope and one more name, which hides an outer one that is called the same. */
  with(name: string, slot: number): Scope;
}

export function createScope(names: ReadonlyMap<string, number> = new Map()): Scope {
  return {
    find: (name) => names.get(name),
    with: (name, slot) => createScope(new Map([...names, [name, slot]])),
  };
}
