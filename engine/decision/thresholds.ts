/** Every number of the verdict, each a setting (`decision.thresholds` in the configuration). */
export interface Thresholds {
  /** Under this many services a mesh does not pay. */
  readonly smallServices: number;
  /** Under this many services mTLS and observability alone do not call for one. */
  readonly mediumServices: number;
  /** From this many services, several teams with an advanced feature call for Istio. */
  readonly largeServices: number;
  /** Over this many services, several teams or clusters call for Istio. */
  readonly hugeServices: number;
  /** Under this many engineers, when answered, nobody is left to run a mesh. */
  readonly minimumEngineers: number;
  /** Over this many teams are several. */
  readonly singleTeam: number;
  /** Over this many clusters are several. */
  readonly singleCluster: number;
  /** From this many different advanced features Istio is called for at any size. */
  readonly advancedFeatures: number;
  /** The share of the confidence that is lost when no question is answered, 0 to 1. */
  readonly unansweredWeight: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  smallServices: 10,
  mediumServices: 30,
  largeServices: 100,
  hugeServices: 200,
  minimumEngineers: 5,
  singleTeam: 1,
  singleCluster: 1,
  advancedFeatures: 2,
  unansweredWeight: 0.5,
};
