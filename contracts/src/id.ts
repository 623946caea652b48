import * as z from 'zod';

/** An id in a request, in lower case however it was typed, so that the same one is the same everywhere. */
export const Id = z.uuid().toLowerCase();
