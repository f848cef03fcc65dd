import type { Access } from "../../model/access.ts";
import { DATABASE_ID } from "../world/create-world.ts";
import type { Answer } from "./replica.ts";
import type { Service } from "./service.ts";

/** An element of `issueResourceTokens`, as `issue` asks for it. */
interface IssuedToken {
  readonly container: string;
  readonly partitionKey: readonly unknown[] | null;
  readonly item: string | null;
  readonly mode: string;
  readonly token: string;
}

/**
 * Judges the tokens that a caller was given: they are all of the caller's permissions and no others,
 * each is sealed for the caller's own Cosmos user and for what stands beside it, and the service
 * knows that user by it.
 */
export async function judgeIssued(
  access: Access,
  { data }: Answer,
  service: Service,
  report: (detail: string) => void,
): Promise<void> {
  const issued = (data?.issueResourceTokens ?? []) as readonly IssuedToken[]; // As asked
  const found = issued.map(({ container, partitionKey, item, mode }) =>
    placeAndMode(container, partitionKey, item, mode),
  );
  const expected = access.permissions.map(({ container, partitionKey, item, mode }) =>
    placeAndMode(container, partitionKey, item, mode),
  );
  if (found.toSorted().join() !== expected.toSorted().join()) {
    report(`issued for ${found.join(" ")}, expected ${expected.join(" ")}`);
  }
  for (const { container, partitionKey, item, mode, token } of issued) {
    const place = placeAndMode(container, partitionKey, item, mode);
    const claims = service.openToken(token.split("&sig=")[1] ?? "");
    const resource = linkOf(container, item);
    if (claims?.userId !== access.cosmosUser) {
      report(`${place} is of ${claims?.userId}, expected ${access.cosmosUser}`);
    }
    const isOfPlace =
      claims?.resource === resource &&
      JSON.stringify(claims.partitionKey ?? null) === JSON.stringify(partitionKey);
    if (!isOfPlace) {
      report(`${place} is sealed for ${claims?.resource}, and said to be for ${resource}`);
    }
    const { logged } = await service.exchange({
      method: "GET",
      path: pathOf(resource, item),
      headers: {
        authorization: encodeURIComponent(token),
        "x-ms-version": "2020-07-15",
        "x-ms-date": new Date().toUTCString().toLowerCase(),
        ...(partitionKey && { "x-ms-documentdb-partitionkey": JSON.stringify(partitionKey) }),
      },
      body: undefined,
    });
    if (logged?.cosmosUser !== access.cosmosUser) {
      report(`${place} acts as ${logged?.cosmosUser}, expected ${access.cosmosUser}`);
    }
  }
}

function pathOf(resource: string, item: string | null): string {
  const segments = resource.split("/").map(encodeURIComponent);
  return `/${segments.join("/")}${item === null ? "/docs" : ""}`;
}

function linkOf(container: string, item: string | null): string {
  return `dbs/${DATABASE_ID}/colls/${container}${item === null ? "" : `/docs/${item}`}`;
}

function placeAndMode(
  container: string,
  partitionKey: readonly unknown[] | null | undefined,
  item: string | null | undefined,
  mode: string,
): string {
  return JSON.stringify([container, partitionKey ?? null, item ?? null, mode.toLowerCase()]);
}
