import { OpsError } from '../core/errors.ts';

/** The environment does not make a configuration. Lists every fault at once and never shows a secret's value. */
export class ConfigError extends OpsError {
  override readonly name = 'ConfigError';
  readonly code = 'config';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Switchyard cannot start like this:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`, {
      operation: 'read the configuration',
      next: 'Correct these variables (.env.sample explains each) and start again.',
    });
    this.faults = faults;
  }
}
