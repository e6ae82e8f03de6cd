import { useEffect } from 'react';
import { useEngine } from '../connection/connection-context.tsx';

/** Two short tones, a fourth apart; nothing is loaded for it. */
function chime(context: AudioContext): void {
  for (const [index, frequency] of [660, 880].entries()) {
    const startsAt = context.currentTime + index * 0.18;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0.0001, startsAt);
    loudness.gain.exponentialRampToValueAtTime(0.2, startsAt + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, startsAt + 0.4);
    tone.connect(loudness).connect(context.destination);
    tone.start(startsAt);
    tone.stop(startsAt + 0.42);
  }
}

/** Sounds for rules that ask for it, and says so in the log: a browser stays mute until its page was clicked once. */
export function AlertSound(): null {
  const { client } = useEngine();
  useEffect(() => {
    if (client === null) return;
    let context: AudioContext | null = null;
    const stop = client.on('alerts.fired', (entry) => {
      if (!entry.isSounding) return;
      context ??= new AudioContext();
      const sounding = context;
      const told = (isDelivered: boolean): void =>
        void client.request('alerts.told', { alertId: entry.id, to: 'sound', isDelivered }).catch(() => undefined);
      // A page that nobody touched never resumes: that is a delivery that failed.
      const late = new Promise<void>((resolve) => setTimeout(resolve, 1000));
      Promise.race([sounding.resume(), late]).then(
        () => {
          const isRunning = sounding.state === 'running';
          if (isRunning) chime(sounding);
          told(isRunning);
        },
        () => told(false),
      );
    });
    return () => {
      stop();
      void context?.close();
    };
  }, [client]);
  return null;
}
