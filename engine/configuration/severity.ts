/** Severities from the most to the least serious. */
export const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type ReportedSeverity = (typeof SEVERITIES)[number];
