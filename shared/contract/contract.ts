import type { z } from 'zod';

/** A request by name: what it takes and what it gives, both checked where they cross an edge. */
export interface RequestDefinition {
  readonly payload: z.ZodType;
  readonly result: z.ZodType;
}

export interface Contract {
  readonly name: string;
  readonly requests: Readonly<Record<string, RequestDefinition>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export type RequestName<C extends Contract> = keyof C['requests'] & string;
export type EventName<C extends Contract> = keyof C['events'] & string;
export type Payload<C extends Contract, K extends RequestName<C>> = z.input<C['requests'][K]['payload']>;
export type ParsedPayload<C extends Contract, K extends RequestName<C>> = z.output<C['requests'][K]['payload']>;
export type Result<C extends Contract, K extends RequestName<C>> = z.output<C['requests'][K]['result']>;
export type EventPayload<C extends Contract, K extends EventName<C>> = z.output<C['events'][K]>;

/** One handler a request: leaving one out does not compile. */
export type Handlers<C extends Contract> = {
  readonly [K in RequestName<C>]: (payload: ParsedPayload<C, K>) => Promise<Result<C, K>> | Result<C, K>;
};
