/** The element that is a device's row in the table of Live. */
export const deviceRowId = (domainId: string): string => `device-${domainId}`;
