/** Who is asking. Made from a session token in transport/, once for a request or a socket. */
export interface Viewer {
  readonly sessionId: string
  readonly clientId: string
  readonly username: string
  /** Null until the device that signed in has been registered. */
  readonly deviceId: string | null
}

export interface DeviceViewer extends Viewer {
  readonly deviceId: string
}
