// Runs before the first paint, so that a chosen theme never flashes the other one. The app takes over from there.
try {
  const theme = localStorage.getItem('koneksi.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const locale = localStorage.getItem('koneksi.locale');
  if (locale) document.documentElement.lang = locale;
} catch {
  // A browser that keeps nothing gets the system's theme.
}
