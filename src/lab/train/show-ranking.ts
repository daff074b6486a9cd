// How the training of a ranking model goes, on stderr.
import type { PipelineHooks } from "../../../models/ranking/train/train-pipeline.ts";
import { startBar } from "../progress-bar.ts";

export function showRanking(): { hooks: PipelineHooks; stop: () => void } {
  let bar: ReturnType<typeof startBar> | null = null;
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    hooks: {
      onList(done, of) {
        bar ??= startBar("making lists", of);
        bar.update(done);
      },
      onEpoch({ epoch, loss, quality }) {
        stop();
        const figures = Object.entries(quality).map(
          ([name, value]) => `${name} ${value.toFixed(3)}`,
        );
        console.error(
          `Ranking, epoch ${epoch}: loss ${loss.toFixed(3)}, held back: ${figures.join(", ")}`,
        );
      },
    },
    stop,
  };
}
