/** For queries by text: finds what the badge shows, and not its announcement, which follows two seconds later. */
export const inBadgeLabel: { readonly selector: string } = { selector: '[data-part=sentence]' }

/** For queries by text: finds the label that shows a sentence with names, each of which is an element of its own. */
export function labelOf(sentence: string): (content: string, element: Element | null) => boolean {
  return (_content, element) => element?.getAttribute('data-part') === 'label' && element.textContent === sentence
}
