/**
 * Claims of the callers that the development issuer speaks for, by name. The name is the subject.
 */
export const SAMPLE_CALLERS: Readonly<Record<string, SampleClaims>> = {
  "contoso-manager": { tid: "contoso", roles: ["manager"] },
  "contoso-member": { tid: "contoso", roles: ["member"] },
  "fabrikam-manager": { tid: "fabrikam", roles: ["manager"] },
  "fabrikam-member": { tid: "fabrikam", roles: ["member"] },
  auditor: { roles: ["auditor"] },
};

export interface SampleClaims {
  /** The tenant. */
  readonly tid?: string;
  readonly roles: readonly string[];
}
