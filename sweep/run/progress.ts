import { createLogUpdate } from "log-update";
import { describe } from "../../model/axis-values.ts";
import { printable, printableLine } from "../../model/printable.ts";
import { isCompleted, type TrialFile } from "../../model/trial-file.ts";
import { duration } from "../plan/duration.ts";
import type { PlannedTrial } from "../plan/trials.ts";

/** A running trial as it is shown. */
export interface RunningView {
  readonly trial: PlannedTrial;
  /** On the clock of `performance.now`, in milliseconds. */
  readonly began: number;
  step: string;
  /** By earlier trials; undefined where there are none. */
  readonly expectedSeconds: number | undefined;
}

export interface SweepView {
  readonly total: number;
  readonly ended: readonly TrialFile[];
  readonly waiting: readonly PlannedTrial[];
  readonly running: readonly RunningView[];
}

/** Where a run of a sweep is shown. */
export interface Progress {
  update(view: SweepView): void;
  /** A trial has come to another step. */
  step(view: RunningView): void;
  /** A sentence that stays. */
  note(sentence: string): void;
  end(): void;
}

/** Bars on a terminal, lines elsewhere. */
export const progressOn = (stream: NodeJS.WriteStream): Progress => (stream.isTTY ? new Bars(stream) : new Lines(stream));

/** A bar for the sweep and one for each trial that runs, redrawn in place. */
class Bars implements Progress {
  private readonly draw;
  private view: SweepView = { total: 0, ended: [], waiting: [], running: [] };
  private readonly timer = setInterval(() => this.redraw(), 500).unref();

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.draw = createLogUpdate(stream);
  }

  update(view: SweepView): void {
    this.view = view;
    this.redraw();
  }

  /** Seen at the next redraw. */
  step(): void {}

  note(sentence: string): void {
    this.draw.clear();
    this.stream.write(`${printable(sentence)}\n`);
    this.redraw();
  }

  end(): void {
    clearInterval(this.timer);
    this.redraw();
    this.draw.done();
  }

  private redraw(): void {
    this.draw(frame(this.view, this.stream.columns ?? 80, performance.now()).join("\n"));
  }
}

/** One line for each trial that begins or ends, and for each that runs one now and then. */
class Lines implements Progress {
  private readonly said = new WeakMap<RunningView, number>();

  constructor(private readonly stream: NodeJS.WritableStream) {}

  update(): void {}

  step(view: RunningView): void {
    const now = performance.now();
    if (now - (this.said.get(view) ?? view.began) < quietSeconds * 1000) return;
    this.said.set(view, now);
    this.note(`${view.trial.stack}: ${duration((now - view.began) / 1000)}, ${view.step}`);
  }

  note(sentence: string): void {
    this.stream.write(`${printable(sentence)}\n`);
  }

  end(): void {}
}

const quietSeconds = 30;

/** Lines of the display: the sweep, then each trial that runs. `now` is on the clock of `performance.now`. */
export function frame({ total, ended, running }: SweepView, columns: number, now: number): string[] {
  const failed = ended.filter((trial) => !isCompleted(trial)).length;
  const share = total === 0 ? 1 : ended.length / total;
  const counts = `${ended.length} of ${total} trials${failed > 0 ? `, ${failed} failed` : ""}`;
  return [`${bar(share)} ${counts}`, ...running.map((view) => trialLine(view, now))].map((line) =>
    clip(printableLine(line, 1000), columns),
  );
}

function trialLine({ trial, began, step, expectedSeconds }: RunningView, now: number): string {
  const seconds = (now - began) / 1000;
  const share = expectedSeconds === undefined ? null : Math.min(0.99, seconds / expectedSeconds);
  const of = expectedSeconds === undefined ? "" : ` of about ${duration(expectedSeconds)}`;
  return `${bar(share)} ${duration(seconds)}${of}  ${describe(trial.values)} seed ${trial.seed}  ${step}`;
}

const width = 20;

/** A share from 0 to 1; null: unknown. */
const bar = (share: number | null) => {
  const full = Math.round((share ?? 0) * width);
  return share === null ? "·".repeat(width) : "█".repeat(full) + "░".repeat(width - full);
};

const clip = (line: string, columns: number) => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`);
