import type { ContainerRequest } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, startTestAccount, type TestAccount } from "./test-account.ts";

let account: TestAccount;

beforeAll(async () => {
  account = await startTestAccount();
  await account.client.databases.create({ id: "db" });
});
afterAll(() => account.stop());

const embedding = {
  path: "/vector1",
  dataType: "float32",
  dimensions: 256,
  distanceFunction: "euclidean",
};

/** A container's definition, of any shape. */
const definition = (embeddings: unknown, vectorIndexes?: unknown): Partial<ContainerRequest> =>
  ({
    vectorEmbeddingPolicy: { vectorEmbeddings: embeddings },
    ...(vectorIndexes === undefined ? {} : { indexingPolicy: { vectorIndexes } }),
  }) as never;

describe("a vector policy", () => {
  test("is kept as it was given", async () => {
    const embeddings = [
      embedding,
      {
        path: "/nested/vector2",
        dataType: "int8",
        dimensions: 200,
        distanceFunction: "dotProduct",
      },
      { path: "/vector3", dataType: "uint8", dimensions: 4096, distanceFunction: "cosine" },
      { path: "/vector4", dataType: "float16" },
    ];
    const vectorIndexes = [
      { path: "/vector1", type: "flat" },
      { path: "/nested/vector2", type: "quantizedFlat", quantizationByteSize: 200 },
      {
        path: "/vector3",
        type: "diskANN",
        indexingSearchListSize: 100,
        vectorIndexShardKey: ["/country"],
      },
    ];
    const container = await account.createContainer(definition(embeddings, vectorIndexes));
    const { resource } = await container.read();
    expect(resource).toMatchObject(definition(embeddings, vectorIndexes));
  });

  test.each<[unknown, string]>([
    [{ ...embedding, dataType: "float33" }, "Vector Embedding Policy has an invalid DataType"],
    [{ ...embedding, dataType: 32 }, "an invalid DataType:32"],
    [
      { ...embedding, dimensions: 8000 },
      "Vector Embedding Policy has Dimensions:8000 which is more than the maximum supported value",
    ],
    [{ ...embedding, dimensions: -1 }, "The Vector Embedding Policy has Dimensions:-1"],
    [{ ...embedding, dimensions: 0 }, "Dimensions:0"],
    [{ ...embedding, dimensions: 1.5 }, "Dimensions:1.5"],
    [{ ...embedding, dimensions: "256" }, "Dimensions:256"],
    [
      { ...embedding, distanceFunction: "handMeasured" },
      "The Vector Embedding Policy has an invalid DistanceFunction:handMeasured",
    ],
    [{ ...embedding, path: "vector1" }, "an invalid Path:vector1"],
    [{ ...embedding, path: "/vector1/*" }, "an invalid Path:/vector1/*"],
    [{ ...embedding, path: "/list/[]/vector1" }, "an invalid Path:/list/[]/vector1"],
    [{ ...embedding, path: "/vector1/" }, "an invalid Path:/vector1/"],
    [{ ...embedding, path: undefined }, "an invalid Path:."],
    ["/vector1", "One of the specified inputs is invalid"],
  ])("is refused with the embedding %j", async (one, message) => {
    const error = await errorOf(account.createContainer(definition([one])));
    expect(error.code).toBe(400);
    expect(error.message).toContain(message);
  });

  test.each<[unknown, string]>([
    [{ path: "/vector1", type: "notFlat" }, "Index Type::notFlat is invalid"],
    [{ path: "/vector1" }, "Index Type:: is invalid"],
    [{ path: "/vector3", type: "flat" }, "path::/vector3 not matching in Embedding's path"],
    [
      { path: "/vector1", type: "quantizedFlat", quantizationByteSize: 0 },
      "The Vector Indexing Policy parameter QuantizationByteSize value :: 0 is out of range. The allowed range is between 1 and 256.",
    ],
    [
      { path: "/long", type: "quantizedFlat", quantizationByteSize: 513 },
      "QuantizationByteSize value :: 513 is out of range. The allowed range is between 1 and 512.",
    ],
    [
      { path: "/vector1", type: "diskANN", indexingSearchListSize: 5 },
      "IndexingSearchListSize value :: 5 is out of range. The allowed range is between 25 and 500.",
    ],
    [
      { path: "/vector1", type: "diskANN", vectorIndexShardKey: ["country"] },
      "The Vector Indexing Policy has an invalid Shard Path: country.",
    ],
    [
      { path: "/vector1", type: "diskANN", vectorIndexShardKey: ["/a", "/b", "/c"] },
      "The number of shard paths defined in the Vector Indexing Policy: 3 exceeds the maximum: 1.",
    ],
    [
      { path: "/vector1", type: "diskANN", vectorIndexShardKey: "/country" },
      "One of the specified inputs is invalid",
    ],
    [{ path: "/long", type: "flat" }, "more than the maximum supported value:505"],
    [7, "One of the specified inputs is invalid"],
  ])("is refused with the index %j", async (index, message) => {
    const embeddings = [embedding, { ...embedding, path: "/long", dimensions: 550 }];
    const error = await errorOf(account.createContainer(definition(embeddings, [index])));
    expect(error.code).toBe(400);
    expect(error.message).toContain(message);
  });

  test("is refused with a path twice, with an index alone, and where it is no policy", async () => {
    const index = { path: "/vector1", type: "flat" };
    for (const refused of [
      definition([embedding, embedding]),
      definition([embedding], [index, index]),
      { indexingPolicy: { vectorIndexes: [index] } },
      { vectorEmbeddingPolicy: [embedding] },
      { vectorEmbeddingPolicy: { vectorEmbeddings: embedding } },
    ]) {
      expect((await errorOf(account.createContainer(refused as never))).code).toBe(400);
    }
  });

  test("is checked when a container is replaced, and nothing changes", async () => {
    const container = await account.createContainer(
      definition([embedding], [{ path: "/vector1", type: "flat" }]),
    );
    const { resource } = await container.read();
    const error = await errorOf(
      container.replace({
        id: container.id,
        partitionKey: resource?.partitionKey,
        indexingPolicy: { vectorIndexes: [{ path: "/vector1", type: "quantizedFlat" }] },
      } as never),
    );
    expect(error.code).toBe(400);
    expect(error.message).toContain("path::/vector1 not matching in Embedding's path");
    expect((await container.read()).resource).toEqual(resource);
  });
});
