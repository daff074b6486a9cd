// Shopify's ids, which are numbers in some of its forms and addresses in others.

/** `gid://shopify/Product/123` and 123 are one; anything else comes back as it is. */
export function readGid(id: unknown): unknown {
  const match = typeof id === "string" ? /^gid:\/\/shopify\/\w+\/(\d+)/.exec(id) : null;
  return match?.[1] ?? id;
}
