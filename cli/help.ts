/** What `--help` prints. */
export const HELP = `Usage: mesh-lint [lint] [options] [paths...]
       mesh-lint environments [--format json] [paths...]
       mesh-lint decide [--format markdown|json] [paths...]
       mesh-lint explain KIND/[NAMESPACE/]NAME [--environment NAME] [paths...]

Reads Kubernetes YAML and says what a service mesh will make of it: where Istio,
Linkerd and Cilium configuration breaks, and whether a mesh is needed at all.

A folder is linted whole, leaving out what .gitignore names. A file is reported
alone, with its repository as context. Without a path, the working directory.
With environments first, it lists which files share a cluster, and why. With
decide, it says whether a mesh is needed, which, what it costs and what next.
With explain, it says how one workload, Service, Namespace or PeerAuthentication
stands to the meshes, and the places that show it.

Options:
  --format FORMAT    how to report: pretty (default) or json; decide knows
                     markdown as well, for a decision record
  --fail-on LEVEL    exit with 1 from this severity on: error (default),
                     warning, info or never
  --environment NAME explain: look in this environment alone
  --config FILE      use this configuration, not the nearest .mesh-lint.yaml
  --no-color         no colours; so does the variable NO_COLOR
  -V, --version      print the version
  -h, --help         print this
  --                 what follows is a path, even if it starts with a dash

Exit codes:
  0  nothing at or above --fail-on
  1  something is
  2  part of the work could not be done: a bad option, an unreadable path or a
     broken configuration; what can be linted is
`;
