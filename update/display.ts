import { createLogUpdate } from "log-update";
import { printable, printableLine } from "../model/printable.ts";
import { type Phase, type PhaseName, secondsOf } from "./phases.ts";

/** Where an update is shown. */
export interface Display {
  /** Called several times a second with all phases so far. */
  tick(phases: readonly Phase[], seconds: number): void;
  /** Text that stays, above what is redrawn. */
  note(text: string): void;
  end(phases: readonly Phase[], seconds: number): void;
}

/** A line a phase, redrawn in place, on a terminal; plain lines elsewhere. */
export const displayOn = (stream: NodeJS.WriteStream, opening: string): Display =>
  stream.isTTY ? new Redrawn(stream, opening) : new Plain(stream, opening);

class Redrawn implements Display {
  private readonly draw;
  private frames = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    opening: string,
  ) {
    this.draw = createLogUpdate(stream);
    this.note(opening);
  }

  tick(phases: readonly Phase[], seconds: number): void {
    this.draw(frame(phases, seconds, this.stream.columns ?? 80, this.frames++).join("\n"));
  }

  note(text: string): void {
    this.draw.clear();
    this.stream.write(`${printable(text, Number.POSITIVE_INFINITY)}\n`);
  }

  end(phases: readonly Phase[], seconds: number): void {
    this.tick(phases, seconds);
    this.draw.done();
  }
}

/** A line where a phase has begun and where it has ended, and now and then one of those under way. */
class Plain implements Display {
  private readonly shown = new Map<PhaseName, "begun" | "ended">();
  private said = 0;
  private pause = firstPauseSeconds;

  constructor(
    private readonly stream: NodeJS.WritableStream,
    opening: string,
  ) {
    this.note(opening);
  }

  tick(phases: readonly Phase[], seconds: number): void {
    for (const phase of phases) {
      if (phase.ended !== null && seconds - phase.ended >= settledSeconds && this.hasWorked(phase)) this.ended(phase);
      else if (phase.ended === null && seconds - phase.began >= settledSeconds) this.begun(phase, seconds);
    }
    if (seconds < this.said + this.pause) return;
    this.said = seconds;
    this.pause = Math.min(2 * this.pause, lastPauseSeconds);
    for (const phase of phases.filter(({ ended }) => ended === null))
      this.note(`${phase.name}: ${elapsed(secondsOf(phase, seconds))} so far${counted(phase)}, ${printableLine(phase.step, 200)}`);
  }

  note(text: string): void {
    this.stream.write(`${printable(text, Number.POSITIVE_INFINITY)}\n`);
  }

  end(phases: readonly Phase[]): void {
    for (const phase of phases.filter(({ ended }) => ended !== null)) this.ended(phase);
  }

  /** A phase whose first resources take no time has not really begun; at the end it is told all the same. */
  private hasWorked(phase: Phase): boolean {
    return this.shown.has(phase.name) || phase.failed || secondsOf(phase, 0) >= 1;
  }

  private begun({ name }: Phase, seconds: number): void {
    if (this.shown.get(name) === "begun") return;
    this.shown.set(name, "begun");
    this.said = seconds;
    this.note(`${name}: begun`);
  }

  private ended(phase: Phase): void {
    if (this.shown.get(phase.name) === "ended") return;
    this.shown.set(phase.name, "ended");
    this.note(`${phase.name}: ${phase.failed ? "failed after " : ""}${elapsed(secondsOf(phase, 0))}${counted(phase)}`);
  }
}

/** Between a phase's resources there are pauses: it has ended, or really begun, when it has been so for as long as this. */
const settledSeconds = 3;
/** An hour in which nothing begins or ends is fifteen lines. */
const firstPauseSeconds = 30;
const lastPauseSeconds = 300;

/** The lines of the display, none longer than the terminal is wide. */
export const frame = (phases: readonly Phase[], seconds: number, columns: number, turn: number): string[] =>
  phases.map((phase) => clip(line(phase, seconds, turn), columns));

function line(phase: Phase, seconds: number, turn: number): string {
  const { name, ended, done, total, failed } = phase;
  const mark = failed ? "✗" : ended === null ? (spinner[turn % spinner.length] ?? "") : "✓";
  const time = elapsed(secondsOf(phase, seconds)).padStart(9);
  if (ended !== null) return `${mark} ${name.padEnd(9)} ${time}`;
  const length = total === undefined ? "" : `  ${bar(done / total)} ${done} of ${total}`;
  return `${mark} ${name.padEnd(9)} ${time}${length}  ${printableLine(phase.step, 500)}`;
}

const counted = ({ done, total }: Phase) => (total === undefined ? "" : `, ${done} of ${total}`);

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

const width = 20;
const bar = (share: number) => {
  const full = Math.min(width, Math.round(share * width));
  return "█".repeat(full) + "░".repeat(width - full);
};

/** 12 s, 2 min 5 s, 1 h 3 min. */
export function elapsed(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const clip = (line: string, columns: number) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`);
