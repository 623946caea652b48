/** Files of lines, as pickers of files know them; what they are is found out by the server. */
export const ACCEPTED = '.csv,.tsv,.txt,.xlsx,.xls,.htm,.html,text/csv,text/plain';
