/** How far a connection has come. */
export type Phase = 'handshake' | 'registering' | 'online';
