import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApiUnderTest } from "../api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApiUnderTest({
    model: `type Note @container(name: "notes") { id: ID! owner: String! @partitionKey }`,
    containers: [
      { id: "notes", partitionKey: { paths: ["/owner"] }, items: [] },
      { id: "others", partitionKey: { paths: ["/p"] }, items: [] },
    ],
  });
});
afterAll(() => api.stop());

const VIEWER = `{ viewer {
  subject issuer profile cosmosUser
  permissions { container partitionKey item mode expiresAt }
} }`;

test("the viewer is the caller with every permission, of containers without a model too", async () => {
  const { data, errors } = await api.as(
    "ann",
    { container: "notes", partitionKey: ["ann"] },
    { container: "others", item: "1", mode: "Read" },
  )(VIEWER);
  expect(errors).toEqual([]);
  const expiresAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(data.viewer).toEqual({
    subject: "ann",
    issuer: "https://issuer.test/",
    profile: "test",
    cosmosUser: "ann",
    permissions: [
      { container: "notes", partitionKey: ["ann"], item: null, mode: "All", expiresAt },
      { container: "others", partitionKey: null, item: "1", mode: "Read", expiresAt },
    ],
  });
  const expiresMs = Date.parse(data.viewer.permissions[0].expiresAt);
  expect(expiresMs).toBeGreaterThan(Date.now());
});

test("no token is in it, and nothing that could hold one", async () => {
  const { data } = await api.as("ann2", { container: "notes" })(VIEWER);
  expect(JSON.stringify(data)).not.toMatch(/type(=|%3d)resource|secret|sig(=|%3d)/i);
  const fields = Object.keys(
    (api.schema.getType("ViewerPermission") as unknown as { getFields(): object }).getFields(),
  );
  expect(fields).toEqual(["container", "partitionKey", "item", "mode", "expiresAt"]);
});
