/** By which a Namespace asks for Cilium's ztunnel (cilium/cilium pkg/ztunnel/table/enrolled_namespaces.go, v1.20.0). */
export const ENROLMENT_LABEL = 'io.cilium/mtls-enabled';
