// Who has the publishable key and nothing else, as anybody has who opens the storefront's source.

/** Events of one request. */
const BATCH = 100;

export type Sent = { events: number; accepted: number };

export type Attacker = {
  /** In as many requests as it takes; what is refused is not sent again. */
  send(events: readonly object[], agent?: string): Promise<Sent>;
  ask(path: string): Promise<unknown>;
};

/** What every event of an attack says, so that nothing but the limits is in its way. */
export const WILLING = {
  consent: { analytics: true, personalization: true },
  name: "view_item",
} as const;

export function openAttacker(url: string, key: string): Attacker {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return {
    async send(events, agent) {
      const all = agent === undefined ? headers : { ...headers, "user-agent": agent };
      const sent: Sent = { events: events.length, accepted: 0 };
      for (let start = 0; start < events.length; start += BATCH) {
        const body = JSON.stringify({ events: events.slice(start, start + BATCH) });
        const response = await fetch(`${url}/v1/events`, { method: "POST", headers: all, body });
        const answer: unknown = await response.json();
        if (typeof answer === "object" && answer !== null && "accepted" in answer) {
          sent.accepted += Number(answer.accepted);
        }
      }
      return sent;
    },
    async ask(path) {
      return await (await fetch(url + path, { headers })).json();
    },
  };
}
