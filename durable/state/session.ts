// Sessionisation: a session is one `session_id`, or events no further apart than the gap.

export type Session = {
  id: string | null;
  started_at: number;
  last_at: number;
  events: number;
  /** Events of each kind that models of intent read. */
  item_views: number;
  list_views: number;
  searches: number;
  cart_adds: number;
  cart_removals: number;
  checkouts: number;
  purchases: number;
};
