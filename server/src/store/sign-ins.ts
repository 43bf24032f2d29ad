import type { Database } from './database.ts'

export interface NewSignIn {
  readonly id: string
  /** Null when there is no such account. */
  readonly clientId: string | null
  readonly username: string
  readonly attemptKey: string
  readonly state: string
  readonly lifetimeMs: number
}

export interface TakenSignIn {
  readonly clientId: string | null
  readonly username: string
  readonly attemptKey: string
  readonly state: string
  readonly isExpired: boolean
}

export interface SignInStore {
  insertSignIn(signIn: NewSignIn): Promise<void>
  /** Removes and returns it, so that of two servers only one gets it. */
  takeSignIn(id: string): Promise<TakenSignIn | null>
  deleteExpired(): Promise<void>
}

export function createSignInStore({ pool }: Database): SignInStore {
  return {
    async insertSignIn({ id, clientId, username, attemptKey, state, lifetimeMs }) {
      await pool.query(
        `INSERT INTO sign_ins (id, client_id, username, attempt_key, state, expires_at)
         VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond')`,
        [id, clientId, username, attemptKey, state, lifetimeMs],
      )
    },

    async takeSignIn(id) {
      const { rows } = await pool.query<TakenSignIn>(
        `DELETE FROM sign_ins WHERE id = $1
         RETURNING client_id AS "clientId", username, attempt_key AS "attemptKey", state,
           expires_at <= clock_timestamp() AS "isExpired"`,
        [id],
      )
      return rows[0] ?? null
    },

    async deleteExpired() {
      await pool.query('DELETE FROM sign_ins WHERE expires_at < clock_timestamp()')
    },
  }
}
