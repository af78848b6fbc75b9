export { isFileInside } from './inside';
export { load, loading, type Loaded, type LoadOptions, type LoadProblem, type ManifestSink, type Wanted } from './load';
export { readText, readTextInside, type ReadResult, SIZE_LIMIT } from './read';
export { remotesOf } from './remotes';
export { CONFIGURATION_FILE, pathBelow, type Root, rootOf } from './roots';
export { walk, type WalkStep } from './walk';
