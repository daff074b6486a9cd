// For requests that may be made twice and are not the API's own JSON.

const ATTEMPTS = 3;

/** The last failure is the caller's. */
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
