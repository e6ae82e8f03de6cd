/** One second more of eight series with a day open, drawn once. */
export type Step = () => void;
