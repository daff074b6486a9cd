// What a model said of the last sessions. A page asks for several lists of one shopper, and all of them begin with it.
import type { Step } from "../../../models/next-item/serve/open-next-item.ts";

/** Scores that are held at most, 2 MB: 37 answers over 13,882 items, two over 200,000. */
const MAX_SCORES = 2 ** 19;

/** Answers by session. Where there is no room for more, the one that was longest not asked for goes. */
export class RecentAnswers<Answer> {
  readonly #answers = new Map<string, Answer>();
  readonly #most: number;

  /** @param width scores in an answer */
  constructor(width: number) {
    this.#most = Math.floor(MAX_SCORES / width);
  }

  /** A failed answer is asked for again. */
  async get(session: readonly Step[], ask: () => Promise<Answer>): Promise<Answer> {
    const key = describe(session);
    // An unfinished answer is not shared: in a Worker it belongs to the request that asked for it.
    const answer = this.#answers.get(key) ?? (await ask());
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > this.#most) this.#forgetOldest();
    return answer;
  }

  #forgetOldest(): void {
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}

function describe(session: readonly Step[]): string {
  return session.map(({ item, type, at }) => `${item} ${type} ${at}`).join();
}
