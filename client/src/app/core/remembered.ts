type Choice = 'locale' | 'theme' | 'columns' | 'alerts' | 'push' | 'outlet';

/** Small choices a browser keeps; one that refuses storage just starts from the defaults. */
export function recall(choice: Choice): string | null {
  try {
    return localStorage.getItem(`koneksi.${choice}`);
  } catch {
    return null;
  }
}

export function remember(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`koneksi.${choice}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
