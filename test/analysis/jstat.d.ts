/** The few functions of jstat, which ships no types, that the tests check against. */
declare module "jstat" {
  interface Distribution {
    cdf(x: number, ...parameters: number[]): number;
    inv(p: number, ...parameters: number[]): number;
  }
  const jstat: {
    readonly jStat: {
      gammaln(x: number): number;
      lowRegGamma(a: number, x: number): number;
      ibeta(x: number, a: number, b: number): number;
      readonly studentt: Distribution;
      readonly centralF: Distribution;
      readonly chisquare: Distribution;
      readonly normal: Distribution;
    };
  };
  export default jstat;
}
