import { getMetadataStorage } from "type-graphql";

/**
 * Runs `build` with a copy of type-graphql's metadata and throws the copy away.
 *
 * type-graphql keeps what decorators say in one global store, so schemas built in one process would
 * grow it, and slow each other down, for ever. `build` sees decorated classes that were there
 * before, such as a team's own resolvers; what it adds, no one else sees. It must be synchronous.
 */
export function withOwnMetadata<Result>(build: () => Result): Result {
  // As soon as a decorator runs, type-graphql asks for the reflect-metadata polyfill. That is
  // needed only for a decorator without a type thunk; ours always have one.
  const reflect = Reflect as unknown as { getMetadata?: unknown }; // The polyfill's addition.
  const hadReflection = "getMetadata" in reflect;
  const holder = globalThis as MetadataHolder;
  const shared = getMetadataStorage();
  holder.TypeGraphQLMetadataStorage = shared.clone();
  if (!hadReflection) {
    reflect.getMetadata = () => undefined;
  }
  try {
    return build();
  } finally {
    holder.TypeGraphQLMetadataStorage = shared;
    if (!hadReflection) {
      delete reflect.getMetadata;
    }
  }
}

/** Where `getMetadataStorage` looks; type-graphql has no other way to give it a store. */
interface MetadataHolder {
  TypeGraphQLMetadataStorage?: ReturnType<typeof getMetadataStorage>;
}
