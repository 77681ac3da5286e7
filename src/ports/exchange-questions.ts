/** One message to one recipient, as message trace tells it. Subjects are left where they are. */
export interface TraceRow {
  readonly MessageTraceId: string;
  /** The `Message-ID` header. */
  readonly MessageId: string;
  /** ISO time in UTC. */
  readonly Received: string;
  readonly SenderAddress: string;
  readonly RecipientAddress: string;
  /** `Delivered`, `Failed`, `Pending`, `Quarantined`, `FilteredAsSpam`, `Expanded` or `GettingStatus`. */
  readonly Status: string;
  readonly FromIP: string | null;
  readonly ToIP: string | null;
}

/** One thing that happened to a message on its way. */
export interface TraceEvent {
  /** ISO time in UTC. */
  readonly Date: string;
  readonly Event: string;
  readonly Action: string | null;
  readonly Detail: string;
}

/** One task of validating an outbound connector: reaching a smart host, or sending a test mail. */
export interface ValidationTask {
  readonly TaskName: string;
  readonly IsTaskSuccessful: boolean;
  /** Everything else Exchange says about the task, on one line. */
  readonly Detail: string;
}
