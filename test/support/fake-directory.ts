import type { DirectoryAccess, DirectoryTenant, TracedMessage, WantedRecord } from '../../src/ports/directory.ts';

/** The directory of one tenant, which knows mail hosts and nothing else. An error that is set is thrown instead. */
export class FakeDirectory implements DirectoryTenant {
  readonly tenantId: string;
  /** By domain; null where the directory names none. Others get the classic form of their name. */
  readonly mailHosts = new Map<string, string | null>();
  error: Error | null = null;

  constructor(tenantId: string) {
    this.tenantId = tenantId;
  }

  async mailHost(domain: string): Promise<string | null> {
    if (this.error) throw this.error;
    const known = this.mailHosts.get(domain);
    return known === undefined ? `${domain.replaceAll('.', '-')}.mail.protection.outlook.com` : known;
  }

  async access(): Promise<DirectoryAccess> {
    return { missing: [], principal: null, graphPermissions: ['Domain.Read.All'], directoryRoles: null };
  }

  async domains(): Promise<readonly []> {
    return [];
  }

  async serviceRecords(): Promise<readonly WantedRecord[]> {
    return [];
  }

  async verificationRecords(): Promise<readonly WantedRecord[]> {
    return [];
  }

  async addDomain(): Promise<void> {}

  async verifyDomain(): Promise<void> {}

  async messageTraces(): Promise<readonly TracedMessage[]> {
    return [];
  }

  async removePrincipal(): Promise<'removed' | 'absent'> {
    return 'absent';
  }
}
