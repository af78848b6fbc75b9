import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { advancedFeatures, trafficSplits } from './advanced-features';
import { ambientGaps } from './ambient-gaps';
import { applicationWorkloads } from './applications';
import { isAsynchronous } from './asynchronous';
import { ciliumAsCni } from './cilium-presence';
import { countClusters } from './count-clusters';
import { countPods } from './count-pods';
import { selection } from './count-services';
import { countNamespaces, countTeams } from './count-teams';
import { countedObjects } from './evidence';
import type { DecisionFacts } from './facts';
import { doublyInjected, meshesPresent } from './mesh-presence';
import { countNeeds } from './needs';

/** Counts the facts of an environment. Each is a query of its own, so that an edit recounts only those that read what it changed. */
export function countFacts(view: MeshView): DecisionFacts<Place> {
  return {
    services: selection(view).services,
    workloads: countedObjects(applicationWorkloads(view)),
    pods: countPods(view),
    namespaces: countNamespaces(view),
    teams: countTeams(view),
    clusters: countClusters(view),
    asynchronous: isAsynchronous(view),
    meshes: meshesPresent(view),
    doublyInjected: doublyInjected(view),
    ciliumIsCni: ciliumAsCni(view),
    needs: countNeeds(view),
    splits: trafficSplits(view),
    advanced: advancedFeatures(view),
    ambientGaps: ambientGaps(view),
  };
}
