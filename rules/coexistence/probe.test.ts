import { it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
it('probe', () => {
  const w = workspaceOf({ 'a.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    metadata:
      labels:
        sidecar.istio.io/inject: "true"
      annotations:
        linkerd.io/inject: enabled
    spec:
      containers:
        - name: cart
          image: cart:1
` }, []);
  for (const n of w.environmentNames()) {
    const v = w.view(n)!;
    for (const r of v.index.workloads()) { const m = v.membership(r)!; for (const s of [m.sidecar, m.ambient, m.linkerd]) console.log(n, r.title, s.mesh, s.joins, s.basis, s.reason); }
  }
});
