/** As much of jStat as student.ts calls; the package has no types of its own. */
declare module "jstat" {
  export const jStat: {
    readonly studentt: {
      cdf(t: number, degreesOfFreedom: number): number;
      inv(probability: number, degreesOfFreedom: number): number;
    };
    readonly noncentralt: { cdf(t: number, degreesOfFreedom: number, noncentrality: number): number };
  };
}
