// The queue's other end: log messages into D1, message by message acknowledged, and dead letters kept.
// Everything it does may be done twice.
import { storeDeadLetters, type DeadLetter } from "./dead-letters.ts";
import { QueueMessage } from "./message.ts";
import { listRestocked, takeLevels } from "./stock/levels.ts";
import { takeGoods } from "./stock/goods.ts";
import { writeLog } from "./write-log.ts";
import { log } from "../../durable/log-line.ts";

/** Before D1 is asked again, s; doubled with each attempt up to a minute, so that an outage is not hammered. */
const RETRY_SECONDS = 2;
const MAX_RETRY_SECONDS = 60;

type Parsed = { message: Message; content: QueueMessage };

/**
 * Writes a batch in one go; where that fails, message by message, so that one bad message holds up no other.
 *
 * @param onLogged hears of what is in the log now
 */
export async function consumeLog(
  batch: MessageBatch,
  database: D1Database,
  now: number,
  onLogged: (contents: QueueMessage[]) => void = () => {},
): Promise<void> {
  const good: Parsed[] = [];
  const unreadable: { message: Message; letter: DeadLetter }[] = [];
  for (const message of batch.messages) {
    const parsed = QueueMessage.safeParse(message.body);
    if (parsed.success) good.push({ message, content: parsed.data });
    else
      unreadable.push({
        message,
        letter: toLetter(message, `unreadable: ${parsed.error.issues[0]?.message}`, now),
      });
  }
  await settle(
    unreadable.map(({ message }) => message),
    () =>
      storeDeadLetters(
        database,
        unreadable.map(({ letter }) => letter),
      ),
  );
  if (
    await settle(
      good.map(({ message }) => message),
      () => write(database, good, now),
      "leave",
    )
  ) {
    onLogged(good.map(({ content }) => content));
    return;
  }
  for (const one of good) {
    if (await settle([one.message], () => write(database, [one], now))) onLogged([one.content]);
  }
}

/** Keeps what the log's consumer gave up on; see `redriveDeadLetters`. */
export async function consumeDeadLetters(
  batch: MessageBatch,
  database: D1Database,
  now: number,
): Promise<void> {
  const letters = batch.messages.map((message) => toLetter(message, "retries exhausted", now));
  await settle(batch.messages, () => storeDeadLetters(database, letters));
}

async function write(database: D1Database, parsed: readonly Parsed[], now: number): Promise<void> {
  const contents = parsed.map(({ content }) => content);
  await writeLog(database, contents);
  await takeLevels(database, listRestocked(contents));
  await takeGoods(database, contents, now);
}

/** Acknowledges messages whose work is done; else sends them back, unless the caller wants to try otherwise. */
async function settle(
  messages: readonly Message[],
  work: () => Promise<void>,
  otherwise: "retry" | "leave" = "retry",
) {
  if (messages.length === 0) return true;
  try {
    await work();
  } catch (error) {
    log("error", "messages_not_logged", { messages: messages.length }, error);
    if (otherwise === "leave") return false;
    for (const message of messages) message.retry({ delaySeconds: retryDelay(message.attempts) });
    return false;
  }
  for (const message of messages) message.ack();
  return true;
}

/** @param attempts from 1 */
export function retryDelay(attempts: number): number {
  return Math.min(MAX_RETRY_SECONDS, RETRY_SECONDS * 2 ** (attempts - 1));
}

function toLetter(message: Message, reason: string, now: number): DeadLetter {
  return {
    message_id: message.id,
    reason,
    body: JSON.stringify(message.body) ?? "null",
    stored_at: now,
  };
}
