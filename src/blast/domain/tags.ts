/** As tags of contacts are kept. */
export const lowerTags = (tags: readonly string[]): string[] => tags.map((tag) => tag.toLowerCase());
