// What `npm start` prints when the shop is open: where, with which keys, and three requests to paste.
import type { DevKeys } from "../../client/dev-vars.ts";

/** Plain POSIX shell; each line works alone, in this order best. */
function curlLines(url: string, keys: DevKeys, item_id: string): [string, string, string] {
  const event = `{"event_id":"'$(date +%s)'","name":"view_item","timestamp":'$(date +%s)'000,"anonymous_id":"me","items":[{"item_id":"${item_id}"}]}`;
  return [
    `curl -s ${url}/v1/events -H 'authorization: Bearer ${keys.publishable}' -H 'content-type: application/json' -d '${event}'`,
    `curl -s '${url}/v1/recommendations?surface=home&limit=5' -H 'authorization: Bearer ${keys.publishable}' -H 'x-anonymous-id: me'`,
    `curl -s ${url}/v1/shoppers/-/profile -H 'authorization: Bearer ${keys.secret}' -H 'x-anonymous-id: me'`,
  ];
}

export function welcome(url: string, keys: DevKeys, item_id: string): string {
  const [look, ask, profile] = curlLines(url, keys, item_id);
  return [
    "",
    `Millrace is at ${url} (docs: ${url}/docs)`,
    `  publishable key  ${keys.publishable}`,
    `  secret key       ${keys.secret}`,
    "",
    "# Look at an item, ask what to show next, see what the shop knows:",
    look,
    ask,
    profile,
    "",
    "Ctrl-C ends it.",
  ].join("\n");
}
