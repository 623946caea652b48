/** Two short tones, made on the spot: nothing to load when it matters. A browser that allows no sound stays silent. */
export async function soundAlarm(): Promise<void> {
  try {
    const context = new AudioContext();
    await context.resume();
    [660, 880].forEach((frequency, index) => tone(context, frequency, context.currentTime + index * 0.22));
    setTimeout(() => void context.close(), 1_000);
  } catch {
    // The notice itself still stands.
  }
}

function tone(context: AudioContext, frequency: number, from: number): void {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, from);
  volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.2);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + 0.21);
}
