import type { IstioVersion } from '../../engine/mesh/istio/control-plane';

/** The release that brought `v1` of most kinds (istio.io/latest/blog/2024/v1-apis). */
export const V1_RELEASE: IstioVersion = { major: 1, minor: 22 };

/** Kinds that had `v1` before that release. */
export const EARLIER: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'RequestAuthentication']);
