/** A section of the menu. */
export interface MenuGroup {
  readonly text: string
  readonly items: readonly { readonly text: string; readonly link: string }[]
}

/** The guides and the examples, as the sections of docs/README.md have them. */
export declare function guideGroups(): readonly MenuGroup[]
