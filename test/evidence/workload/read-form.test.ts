import { expect, test } from "vitest";
import type { Json, Operation } from "../../model/terms.ts";
import type { Form } from "./form.ts";
import { readReply } from "./observed.ts";
import { readForm } from "./read-form.ts";

function read(operation: Operation, form: Form, value: Json, errors: Json = []) {
  const text = JSON.stringify({ data: { x: value }, errors });
  return readForm(operation, form, readReply({ status: 200, headers: {}, text }, "x"));
}

const CREATE: Operation = { do: "create", type: "Cart", input: { id: "c1" } };
const DELETES: Operation = {
  do: "transact",
  type: "Cart",
  operations: ["c1", "c2"].map((id) => ({ do: "delete", type: "Cart", id })),
};
const CONFLICT = { message: "taken", path: ["x", 0], extensions: { code: "CONFLICT" } };

test("one item in a list is that item", () => {
  expect(read(CREATE, "many", [{ id: "c1" }])).toEqual({ value: { id: "c1" }, errors: [] });
});

test("null everywhere with one error at a place is a refusal", () => {
  const refused = read(CREATE, "many", [null], [CONFLICT]);
  expect(refused).toMatchObject({ value: null, errors: [{ code: "CONFLICT", isRefusal: true }] });
  expect(read(DELETES, "many", [null, null], [CONFLICT]).value).toBeNull();
});

test("a transaction that was done in part is no refusal, and no transaction either", () => {
  const half = read(DELETES, "many", ["c1", null], [CONFLICT]);
  expect(half).toMatchObject({
    value: [null, { insteadOfId: null }],
    errors: [{ isRefusal: false }],
  });
  const two = [CONFLICT, { ...CONFLICT, path: ["x", 1] }];
  expect(read(DELETES, "many", [null, null], two).value).not.toBeNull();
  const beyond = [{ ...CONFLICT, path: ["x", 2] }];
  expect(read(DELETES, "many", [null, null], beyond).value).not.toBeNull();
});

test("deleted ids are those that were given, in their places", () => {
  expect(read(DELETES, "many", ["c1", "c2"]).value).toEqual([null, null]);
  expect(read(DELETES, "many", ["c2", "c1"]).value).not.toEqual([null, null]);
});

test("of an item as JSON its type's fields are left, and a misfit is one", () => {
  const get: Operation = { do: "read", type: "Setting", id: "s" };
  const item = { id: "s", mark: "m", name: "n", _etag: "e", more: 1 };
  const fields = { id: "s", mark: "m", name: "n", level: null, remark: null };
  expect(read(get, "generic", item)).toEqual({ value: fields, errors: [] });
  expect(read(get, "generic", { id: "s", mark: "m" })).toMatchObject({
    value: null,
    errors: [{ code: "ITEM_MISFIT", isRefusal: false }],
  });
  expect(read(get, "generic", null)).toEqual({ value: null, errors: [] });
});
