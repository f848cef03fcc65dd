import { describe, expect, test } from "vitest";
import { createTextSealer } from "../../../src/graphql/cursors/text-sealer.ts";

const key = Buffer.alloc(32, "a cursor secret");
const other = Buffer.alloc(32, "another secret");

describe("a sealed text", () => {
  test("of an earlier release opens, and is sealed the same today", () => {
    const scope = { caller: "ann", list: ["orders"] };
    const sealer = createTextSealer(key, "cursor");
    expect(sealer.open("osJEMED8AT5XAkawnreuKvqFL7E", scope)).toBe("text");
    expect(sealer.seal("text", scope)).toBe("osJEMED8AT5XAkawnreuKvqFL7E");
  });

  test("opens for its own purpose and for no other", () => {
    const sealed = createTextSealer(key, "cursor").seal("text", "s");
    expect(createTextSealer(key, "cursor").open(sealed, "s")).toBe("text");
    expect(createTextSealer(key, "rows").open(sealed, "s")).toBeUndefined();
  });

  test("tells apart what its scope ends with from what it begins with", () => {
    const sealer = createTextSealer(key, "cursor");
    expect(sealer.seal('"b', "a")).not.toBe(sealer.seal("b", 'a"'));
    expect(sealer.seal("1", 2)).not.toBe(sealer.seal("", 21));
  });

  test("in pieces opens nowhere", () => {
    const sealer = createTextSealer(key, "cursor");
    const sealed = sealer.seal("text", "s");
    for (let length = 0; length < sealed.length; length += 1) {
      expect(sealer.open(sealed.slice(0, length), "s")).toBeUndefined();
    }
    expect(sealer.open(`${sealed}=`, "s")).toBeUndefined();
    expect(sealer.open(`${sealed}\n`, "s")).toBeUndefined();
  });
});

describe("keys that are rolled", () => {
  test("seal with the first and open with each", () => {
    let keys: readonly Uint8Array[] = [key];
    const sealer = createTextSealer(() => keys, "cursor");
    const before = sealer.seal("text", "s");
    keys = [other, key];
    const after = sealer.seal("text", "s");
    expect(after).toBe(createTextSealer(other, "cursor").seal("text", "s"));
    expect([before, after].map((sealed) => sealer.open(sealed, "s"))).toEqual(["text", "text"]);
    keys = [other];
    expect(sealer.open(before, "s")).toBeUndefined();
    expect(sealer.open(after, "s")).toBe("text");
  });

  test("are one at least, of 16 bytes each", () => {
    expect(() => createTextSealer(() => [], "cursor")).toThrow("A sealer needs a key.");
    expect(() => createTextSealer(Buffer.alloc(15), "cursor")).toThrow(
      "The cursor key needs at least 16 bytes.",
    );
    const shortest = createTextSealer(Buffer.alloc(16), "cursor");
    expect(shortest.open(shortest.seal("text", "s"), "s")).toBe("text");
  });
});
