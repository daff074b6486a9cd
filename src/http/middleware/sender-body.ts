// The bytes of a request as its sender lets them come: told from our own failures where the sender goes away, and read to
// their end where nobody wants them, since a sender that still writes hears of a closed connection and of no answer.

const SENDER_GONE = "SenderGone";

/** The sender is gone: nobody waits for an answer, and nothing of ours is broken. */
class SenderGone extends Error {
  override name = SENDER_GONE;
}

/** By its name: on its way through a binding, such as that of R2, an error loses its class. */
export function isSenderGone(error: Error): boolean {
  return error.name === SENDER_GONE;
}

/** Read of a body that is refused already, bytes: more than any limit of ours. A longer one is no mistake of size. */
const MAX_DRAINED = 128 * 1024 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;

/** The body; reading it throws `SenderGone` where it breaks off. */
export function openSenderBody({ body }: Request): ReadableStream<Bytes> | null {
  if (body === null) return null;
  const reader: ReadableStreamDefaultReader<Bytes> = body.getReader();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const read = await reader.read().catch((cause: unknown) => {
        throw new SenderGone("The body broke off.", { cause });
      });
      if (read.done) controller.close();
      else controller.enqueue(read.value);
    },
    // Not cancelled: what is left is drained when the answer is made.
    cancel: () => drain(reader),
  });
}

/** Reads what is left and keeps nothing. Never rejects. */
export async function drainBody({ body, bodyUsed }: Request): Promise<void> {
  if (body === null || bodyUsed || body.locked) return;
  await drain(body.getReader());
}

async function drain(reader: ReadableStreamDefaultReader<Bytes>): Promise<void> {
  try {
    for (let bytes = 0; bytes <= MAX_DRAINED;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // Gone, which is as good as read.
  }
}
