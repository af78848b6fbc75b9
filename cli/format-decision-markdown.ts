/** The editor writes the same record, so what makes it stands where both reach it. */
export { formatDecisionMarkdown } from '../engine/record/decision-record';
