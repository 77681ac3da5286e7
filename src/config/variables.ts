import { isIPv4, isIPv6 } from 'node:net';
import { type Environment, environmentVariables, type VariableName } from './env.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Reads variables as the types they must have and collects what is wrong with them instead of stopping at the first. */
export class Variables {
  readonly faults: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  fault(name: VariableName, problem: string): void {
    this.faults.push(`${name} ${problem}`);
  }

  text(name: VariableName): string {
    const given = this.#environment[name]?.trim() ?? '';
    return given === '' ? usualOf(name) : given;
  }

  optional(name: VariableName): string | null {
    return this.text(name) || null;
  }

  /** A value that is never repeated in a fault. */
  secret(name: VariableName): string {
    const value = this.text(name);
    if (value === '') this.fault(name, 'is missing.');
    return value;
  }

  guid(name: VariableName): string {
    const value = this.text(name);
    if (value === '') this.fault(name, 'is missing.');
    else if (!guid.test(value))
      this.fault(name, `must be an id like 00000000-0000-0000-0000-000000000000, not "${value}".`);
    return value.toLowerCase();
  }

  guids(name: VariableName): readonly string[] {
    const values = this.list(name).map((value) => value.toLowerCase());
    for (const value of values)
      if (!guid.test(value)) this.fault(name, `names "${value}", which is no Entra object id.`);
    return values;
  }

  list(name: VariableName): readonly string[] {
    const parts = this.text(name).split(',');
    return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
  }

  integer(name: VariableName, least: number, most: number): number {
    const text = this.text(name);
    const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.fault(name, `must be a whole number from ${least} to ${most}, not "${text}".`);
    return least;
  }

  positive(name: VariableName): number {
    const text = this.text(name);
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    this.fault(name, `must be a number above 0, not "${text}".`);
    return 1;
  }

  flag(name: VariableName): boolean {
    const text = this.text(name).toLowerCase();
    if (text !== 'true' && text !== 'false') this.fault(name, `must be true or false, not "${text}".`);
    return text === 'true';
  }

  choice<Choice extends string>(name: VariableName, choices: readonly Choice[]): Choice {
    const text = this.text(name).toLowerCase();
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.fault(name, `must be one of ${choices.join(', ')}, not "${text}".`);
    return found ?? (choices[0] as Choice);
  }

  /** An https address without a trailing slash; credentials in it are refused. */
  httpsUrl(name: VariableName, usual = ''): string {
    const text = this.text(name) || usual;
    const url = URL.parse(text);
    if (url?.protocol !== 'https:') this.fault(name, `must be an address that starts with https://, not "${text}".`);
    else if (url.username !== '' || url.password !== '') this.fault(name, 'must not contain a user name or password.');
    return text.replace(/\/+$/u, '');
  }

  /** The address of another program on this machine, or null. */
  localUrl(name: VariableName): string | null {
    const text = this.optional(name);
    if (text === null) return null;
    const url = URL.parse(text);
    const isLocal = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (!isLocal) this.fault(name, `must be an http address on this machine, not "${text}".`);
    return text.replace(/\/+$/u, '');
  }

  /** Hosts that may be talked to over https: `host` or `host:port`, never an address with a scheme. */
  hosts(name: VariableName): readonly string[] {
    const values = this.list(name).map((value) => value.toLowerCase());
    if (values.length === 0) this.fault(name, 'must name at least one host.');
    for (const value of values) {
      if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/u.test(value)) {
        this.fault(
          name,
          `names "${value}"; write host or host:port without a scheme, such as smba.trafficmanager.net.`,
        );
      }
    }
    return values;
  }

  /** Resolver addresses, each completed with a port: `1.1.1.1:53`, `[2606:4700::1111]:53`. */
  resolvers(name: VariableName): readonly string[] {
    const values = this.list(name);
    if (values.length === 0) this.fault(name, 'must name at least one resolver.');
    return values.map((value) => this.#resolver(name, value));
  }

  ipv4s(name: VariableName): readonly string[] {
    const values = this.list(name);
    for (const value of values) if (!isIPv4(value)) this.fault(name, `names "${value}", which is no IPv4 address.`);
    return values;
  }

  #resolver(name: VariableName, value: string): string {
    if (isIPv4(value)) return `${value}:53`;
    if (isIPv6(value)) return `[${value}]:53`;
    const [, v4, v6, port] = /^(?:([\d.]+)|\[([^\]]+)\]):(\d{1,5})$/u.exec(value) ?? [];
    const isAddress = (v4 !== undefined && isIPv4(v4)) || (v6 !== undefined && isIPv6(v6));
    if (!isAddress || Number(port) > 65_535) this.fault(name, `names "${value}", which is no address or address:port.`);
    return value;
  }
}

function usualOf(name: VariableName): string {
  return environmentVariables.find((variable) => variable.name === name)?.usual ?? '';
}
