import { config } from 'zod';

// The content policy forbids code made from strings, which zod tries for speed as soon as a schema is made: so this module is imported before any other.
config({ jitless: true });
