/** What a card can do at most, and what the machine with it costs. */
export interface Machine {
  instance: string;
  card: string;
  /** Dense FP16 products with tensor cores, FLOPs a second, and bytes a second of memory: NVIDIA's data sheets. */
  flops: number;
  bandwidth: number;
  /**
   * $ an hour on demand, Linux, us-east-1: AWS's price list as Karpenter read it on 9 February 2026
   * (github.com/aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go).
   */
  onDemand: number;
}

export const MACHINES: readonly Machine[] = [
  { instance: "g4dn.xlarge", card: "T4", flops: 65e12, bandwidth: 320e9, onDemand: 0.526 },
  { instance: "g5.xlarge", card: "A10G", flops: 70e12, bandwidth: 600e9, onDemand: 1.006 },
  { instance: "g6.xlarge", card: "L4", flops: 121e12, bandwidth: 300e9, onDemand: 0.8048 },
  { instance: "g6e.xlarge", card: "L40S", flops: 362e12, bandwidth: 864e9, onDemand: 1.861 },
  { instance: "p5.4xlarge", card: "H100", flops: 989e12, bandwidth: 3350e9, onDemand: 6.88 },
];

/** Measured (bench/results), but not for hire one at a time: the others are scaled from it. */
export const H200 = { card: "H200", flops: 989e12, bandwidth: 4800e9 };

/** An example, not a price: Spot has no list, and its prices change from hour to hour. */
export const SPOT_SHARE = 0.5;
