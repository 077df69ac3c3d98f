/** One figure of the calibration. */
export interface Check {
  readonly check: string;
  readonly cell: string;
  readonly value: number;
  /** What it must be, such as `≥ 0.94`; null where it is only told. */
  readonly asked: string | null;
}

export const shareOf = (times: number, isTrue: () => boolean): number => {
  let found = 0;
  for (let i = 0; i < times; i++) if (isTrue()) found++;
  return found / times;
};
