/** What a user of the command did wrong or could not have; the message says what to do about it. */
export class CliError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The command line, or what the environment says, makes no sense. */
export class UsageError extends CliError {
  constructor(message: string) {
    super("invalid_option", message);
  }
}
