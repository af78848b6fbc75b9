/**
 * What published guides say a pod pays for Istio. Always shown as a range, with the guides that give it: "BirJob" is "Service Mesh
 * Explained: Istio, Linkerd, and When You Don't Need One" (2025 or later), "Istio vs Linkerd" an undated article with resource tables,
 * "BIPI" is "Istio vs Linkerd: When You Actually Need a Service Mesh" (2024-07-07).
 */
export const SIDECAR_COST = {
  /** BirJob and "Istio vs Linkerd" give the range, BIPI has seen 80 MB. */
  megabytes: { least: 50, most: 100, seen: 80 },
  /** "Istio vs Linkerd" alone, in thousandths of a CPU. */
  millicores: { least: 50, most: 100 },
} as const;

/** BIPI, seen with 400 services; beside it, one proxy a node. "Istio vs Linkerd" puts the CPU of a pod near 0. */
export const AMBIENT_COST = { megabytesUnder: 5 } as const;

/** Ambient mode has been generally available since November 2024 (Istio's own announcement). */
export const AMBIENT_SINCE = { major: 1, minor: 24 } as const;

/** BirJob and "Istio vs Linkerd" give the range. */
export const LINKERD_COST = { megabytes: { least: 10, most: 20 } } as const;
