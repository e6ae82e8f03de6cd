/** Longest request body and WebSocket message. */
export const mostBodyBytes = 1024 * 1024;
