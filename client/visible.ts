/** Text that may hold text of manifests, on one line, with what hides in it made visible. */
export { visibleLine as visible } from '../engine/visible';
