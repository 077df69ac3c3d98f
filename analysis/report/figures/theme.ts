/** Colours of one appearance. Shapes, dashes and letters carry the same meaning, so that none of it is lost in grey. */
export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
  readonly front: string;
  readonly dominated: string;
  readonly knee: string;
  readonly bad: string;
  /** Weak to strong. */
  readonly ramp: readonly [string, string];
  /** On the strong end of the ramp. */
  readonly onStrong: string;
}

/** Hues after Okabe and Ito, which people with any colour vision tell apart. */
export const light: Theme = {
  ink: "#1b1f24",
  muted: "#5c6670",
  grid: "#dfe3e8",
  paper: "#ffffff",
  front: "#0072b2",
  dominated: "#6b7580",
  knee: "#d55e00",
  bad: "#a3004f",
  ramp: ["#f4f7fa", "#00538a"],
  onStrong: "#ffffff",
};

export const dark: Theme = {
  ink: "#e8ebee",
  muted: "#a3adb8",
  grid: "#39414a",
  paper: "#16191d",
  front: "#56b4e9",
  dominated: "#a0abb6",
  knee: "#ff9248",
  bad: "#ff86b8",
  ramp: ["#222a32", "#8fd0f7"],
  onStrong: "#0c1116",
};
