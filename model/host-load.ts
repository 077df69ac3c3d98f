/**
 * The share of the hypervisor's cores that other work may take during a run: below it, no objective moved by more than its own
 * scatter when this was measured (docs/statistics.md, decision 0108); above it times are the host's, and no result.
 */
export const otherLoadLimit = 0.1;
