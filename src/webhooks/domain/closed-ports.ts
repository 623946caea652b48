/**
 * Ports of services that speak something else than HTTP, and might take a request for commands of their own: those that
 * the Fetch standard closes to pages ("port blocking"). The test compares them with those of Node.js's own `fetch`.
 */
const NOT_HTTP = new Set([
  ...[0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109],
  ...[
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
  ],
  ...[532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060],
  ...[5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
]);

/** Databases and caches, which stand in the networks that `EGRESS_ALLOW` names: SQL Server, Oracle, MySQL, PostgreSQL, Redis, Cassandra, memcached, MongoDB. */
const STORES = new Set([1433, 1521, 3306, 5432, 6379, 9042, 11211, 27017]);

/** Whether a request may go to this port of any address at all. */
export function isOpenPort({ port }: Pick<URL, 'port'>): boolean {
  // What stands for the scheme's own is 80 or 443.
  return port === '' || !(NOT_HTTP.has(Number(port)) || STORES.has(Number(port)));
}
