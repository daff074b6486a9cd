// What the OpenAPI document says about the API as a whole.

export const DOCUMENT = {
  openapi: "3.1.0",
  info: {
    title: "Millrace",
    version: "0.1.0",
    description:
      "Events in, live recommendations out. An amount is a decimal, in answers always in the shop's currency with " +
      "`currency` beside it; a time is ISO 8601, in answers always UTC. " +
      'Every error is `{"error": {"code", "message", "request_id"}}`, also of a path that is none (404 `not_found`) and ' +
      "of a method that the path does not take (405 `method_not_allowed`, with `Allow`). HEAD asks what GET does and has " +
      "no effect.",
  },
  tags: [
    { name: "events", description: "What shoppers do." },
    { name: "recommendations", description: "What to show them next." },
    { name: "catalogue", description: "What there is to sell." },
    { name: "shoppers", description: "What is known about one shopper, and forgetting it." },
    { name: "supply", description: "What is there, what is on order, and what to order." },
    { name: "experiments", description: "What is compared, and what came of it." },
    { name: "models", description: "Which models answer." },
    { name: "operations", description: "For whoever runs it." },
    { name: "console", description: "Signing in to the console." },
    { name: "health", description: "For whoever watches it." },
    { name: "documents", description: "What the API is." },
  ],
} as const;
