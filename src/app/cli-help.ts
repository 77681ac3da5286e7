/** What the command line can do, as it prints it. */
export const cliHelp = `switchyard: the command line of the bot. It reads, also while the bot runs.

  switchyard audit verify                     follow the audit trail in the database from its first entry
  switchyard audit verify --file FILE         the same for an export or an evidence bundle, without a database
      --checkpoints FILE                      signed checkpoints, such as a copy of your own that was taken later
                                              (default: those in the data folder; none with --file)
      --key FILE                              public key to check them with (default: the one in the data folder)
      --selection                             the export leaves entries out on purpose, those of other requests and times
  switchyard audit export                     all entries as JSON lines with OCSF fields
      --tenant ID --from TIME --to TIME       only some; verify such an export with --selection
  switchyard audit report --tenant ID         what was asked, approved and run in one tenant, in Markdown
      --from TIME --to TIME                   only requests with entries in that time
  switchyard audit bundle R-XXXXXXXX          everything about one request with its proof, in JSON
  switchyard plan R-XXXXXXXX                  the whole plan of a request, in Markdown: the last one it was decided on
      --plan N                                an earlier one, counted from 1
      --json                                  as data, with everything the fingerprint is made from
  switchyard rights APP-ID PRINCIPAL-ID       PowerShell that lets the worker run only the cmdlets it sends to a tenant's
                                              Exchange; the ids are those of its enterprise application there
  switchyard help                             this text

Whatever is taken out of the trail (export, report, bundle) is noted in it first, with the account of this machine.
A tenant is an id or a name, a time is like 2026-11-21 or 2026-11-21T09:30:00Z; --from counts, --to does not.
The database is found as the bot finds it: DATABASE_URL, else the embedded one in SWITCHYARD_DATA (.switchyard).
Ends with 0 when all is well, 1 when something is broken, not proven or cannot be read, 2 when it was called wrongly.
`;
