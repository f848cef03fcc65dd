/**
 * A bearer token of a sample caller, from the issuer that `npm start` runs beside the gateway. In a
 * program of your own it comes from the library that signs your users in.
 */
export async function developmentToken(origin: string, caller: string): Promise<string> {
  const response = await fetch(`${origin}/dev-issuer/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ as: caller }),
  }).catch((cause: unknown) => {
    throw new Error(`Nothing answers at ${origin}. Run npm start first.`, { cause });
  });
  if (!response.ok) {
    throw new Error(`${origin} gives no token for ${caller}: HTTP ${response.status}.`);
  }
  const { bearerToken } = (await response.json()) as { readonly bearerToken: string };
  return bearerToken;
}
