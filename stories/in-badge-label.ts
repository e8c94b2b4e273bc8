/** For queries by text: finds what the badge shows, and not its announcement, which follows two seconds later. */
export const inBadgeLabel: { readonly selector: string } = { selector: '[data-part=label]' }
