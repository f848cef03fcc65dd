import fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayError } from "../../../src/gateway-error.ts";
import { createCursorCodec } from "../../../src/graphql/cursors/cursor-codec.ts";
import { anyCharacter } from "../../any-character.ts";

const codec = createCursorCodec(Buffer.alloc(32, 1));

const scalar = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const position = fc.record({
  values: fc.array(fc.oneof(scalar, fc.constant(undefined)), { maxLength: 3 }),
  id: fc.string(),
  partitionKey: fc.array(scalar, { minLength: 1, maxLength: 3 }),
});
const scope = fc.jsonValue();

/** Numbers as JSON has them: it knows no -0. */
const asJson = (value: unknown) => (Object.is(value, -0) ? 0 : value);

test("what was sealed opens in its own scope, whatever it holds", () => {
  fc.assert(
    fc.property(position, scope, (sealed, itsScope) => {
      const opened = codec.open(codec.seal(sealed, itsScope), itsScope);
      expect(opened.id).toBe(sealed.id);
      expect(opened.values.map(asJson)).toEqual(sealed.values.map(asJson));
      expect(opened.partitionKey.map(asJson)).toEqual(sealed.partitionKey.map(asJson));
    }),
  );
});

test("the order of a scope's properties is no matter", () => {
  const sealed = { values: [], id: "1", partitionKey: ["a"] };
  const cursor = codec.seal(sealed, { a: 1, b: { c: 2, d: undefined, e: 3 } });
  expect(codec.open(cursor, { b: { e: 3, c: 2 }, a: 1 })).toEqual(sealed);
});

test("equal positions in equal scopes give equal cursors, different ones different", () => {
  fc.assert(
    fc.property(position, position, scope, (left, right, itsScope) => {
      const isSame = JSON.stringify(left) === JSON.stringify(right);
      fc.pre(isSame || JSON.stringify([left, 0]) !== JSON.stringify([right, 0]));
      expect(codec.seal(left, itsScope) === codec.seal(right, itsScope)).toBe(isSame);
    }),
  );
});

test("no other scope opens it", () => {
  fc.assert(
    fc.property(position, scope, scope, (sealed, itsScope, other) => {
      fc.pre(JSON.stringify(itsScope) !== JSON.stringify(other));
      fc.pre(JSON.stringify(sortedDeep(itsScope)) !== JSON.stringify(sortedDeep(other)));
      expect(codeThrownBy(() => codec.open(codec.seal(sealed, itsScope), other))).toBe(
        "BAD_USER_INPUT",
      );
    }),
  );
});

test("one changed character is noticed, wherever it is", () => {
  fc.assert(
    fc.property(position, fc.nat(), fc.constantFrom(..."Aa0-_+/=~ "), (sealed, at, replacement) => {
      const cursor = codec.seal(sealed, "scope");
      const index = at % cursor.length;
      fc.pre(cursor[index] !== replacement);
      const altered = cursor.slice(0, index) + replacement + cursor.slice(index + 1);
      expect(codeThrownBy(() => codec.open(altered, "scope"))).toBe("BAD_USER_INPUT");
    }),
  );
});

test("anything that was never a cursor is BAD_USER_INPUT", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(codeThrownBy(() => codec.open(text, "scope"))).toBe("BAD_USER_INPUT");
    }),
  );
});

test("another key opens nothing, the same key on another replica does", () => {
  const sealed = { values: [1], id: "1", partitionKey: ["a"] };
  const cursor = codec.seal(sealed, "scope");
  const other = createCursorCodec(Buffer.alloc(32, 2));
  expect(codeThrownBy(() => other.open(cursor, "scope"))).toBe("BAD_USER_INPUT");
  expect(createCursorCodec(Buffer.alloc(32, 1)).open(cursor, "scope")).toEqual(sealed);
});

test("a cursor shows nothing of what it holds", () => {
  const cursor = codec.seal(
    { values: ["secret value"], id: "secret id", partitionKey: ["t"] },
    "s",
  );
  const bytes = Buffer.from(cursor, "base64url").toString("latin1");
  expect(bytes).not.toMatch(/secret/);
});

test("a cursor of an earlier release opens", () => {
  const sealed = { values: [1, undefined], id: "1", partitionKey: ["a"] };
  const earlier = "C-4rUyfv59Rd37WgJ0aqsO3AQ4wGpluWFx7YizJWWyrnBbnN17Q";
  expect(codec.open(earlier, "scope")).toEqual(sealed);
});

test("a cursor of another list says what to do", () => {
  expect(() => codec.open("x", "scope")).toThrow(
    "This cursor is not one of this list: it was altered, or comes from another operation, other arguments or another caller. Start again without `after`.",
  );
});

test("a key that is too short is refused", () => {
  expect(() => createCursorCodec(Buffer.alloc(15))).toThrow("16 bytes");
});

function codeThrownBy(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof GatewayError ? error.code : "no error of the gateway";
  }
  return undefined;
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortedDeep);
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([name, part]) => [name, sortedDeep(part)] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1))
    : value;
}
