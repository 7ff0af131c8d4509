/** What can be done with any WeNet export that this engine does not run, or not with these options. */
export const IMPORT_INSTEAD =
  "The checkpoint it was made from can be imported: python -m training.importing.wenet (docs/models.md).";
