/**
 * The issuer of development bearer tokens. Its keys live in the process that made them, so nothing
 * outside `cosmos-gateway dev` may trust it: a configuration file that names it is refused.
 */
export const DEVELOPMENT_ISSUER = "urn:cosmos-graphql-gateway:development";
