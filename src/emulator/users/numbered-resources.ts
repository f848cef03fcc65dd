/** What the resources of one feed have in common. */
export interface NumberedResource {
  readonly id: string;
  readonly rid: string;
}

/** The resources of one feed, by id and by rid, in the order they were created. */
export interface NumberedResources<Resource extends NumberedResource> {
  readonly size: number;
  byId(id: string): Resource | undefined;
  byRid(rid: string): Resource | undefined;
  /** Adds the resource, or puts it in the place of the one with its rid, whose id it may change. */
  put(resource: Resource): void;
  /** Deletes the resource of a rid. Its number is never given again, even if none had it. */
  delete(rid: string): void;
  /** In order, from the first one after a rid that may be gone by now. */
  after(rid: string | undefined): Iterable<Resource>;
  /** The highest number that one of them has or had; 0 for none. */
  lastNumber(): number;
}

/** An empty feed. `numberOf` reads from a rid the number that orders it. */
export function createNumberedResources<Resource extends NumberedResource>(
  numberOf: (rid: string) => number,
): NumberedResources<Resource> {
  const byRid = new Map<string, Resource>();
  const ridById = new Map<string, string>();
  const rids: string[] = [];
  let lastNumber = 0;

  /** Where the first rid stands whose number is at least `number`. */
  function position(number: number): number {
    let low = 0;
    let high = rids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (numberOf(rids[middle] ?? "") < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  return {
    get size() {
      return byRid.size;
    },
    byId: (id) => byRid.get(ridById.get(id) ?? ""),
    byRid: (rid) => byRid.get(rid),
    put(resource) {
      const former = byRid.get(resource.rid);
      if (former === undefined) {
        const number = numberOf(resource.rid);
        rids.splice(position(number), 0, resource.rid);
        lastNumber = Math.max(lastNumber, number);
      } else {
        ridById.delete(former.id);
      }
      byRid.set(resource.rid, resource);
      ridById.set(resource.id, resource.rid);
    },
    delete(rid) {
      lastNumber = Math.max(lastNumber, numberOf(rid));
      const former = byRid.get(rid);
      if (former === undefined) {
        return;
      }
      byRid.delete(rid);
      ridById.delete(former.id);
      rids.splice(position(numberOf(rid)), 1);
    },
    *after(rid) {
      let number = rid === undefined ? 0 : numberOf(rid);
      for (;;) {
        const next = rids[position(number + 1)];
        if (next === undefined) {
          return;
        }
        number = numberOf(next);
        const resource = byRid.get(next);
        if (resource !== undefined) {
          yield resource;
        }
      }
    },
    lastNumber: () => lastNumber,
  };
}
