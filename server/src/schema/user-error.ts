import {
  ConflictError,
  errorCodes,
  ForbiddenError,
  InvalidInputError,
  MailboxFullError,
  NameTakenError,
  NotFoundError,
  PayloadTooLargeError,
  RateLimitedError,
  StaleAttachmentError,
  StaleDeviceListError,
  StaleRosterError,
  TooManyAttemptsError,
  type UserError,
  WrongPasswordError,
} from '../domain/errors.ts'
import { builder } from './builder.ts'

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The closed list of reasons for which a request is declined.',
  values: errorCodes,
})

export const UserErrorInterface = builder.interfaceRef<UserError>('UserError').implement({
  description:
    'A request that was understood and declined. Members may be added to a result: select this interface.',
  fields: (t) => ({
    code: t.expose('code', {
      type: ErrorCode,
      description: 'The reason, for programs. Permanent.',
    }),
    message: t.exposeString('message', {
      description: 'What happened and what to do next, for people.',
    }),
  }),
})

const interfaces = [UserErrorInterface]

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'A value was refused. Nothing was stored.',
  interfaces,
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The input field that was refused.' }),
  }),
})
builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'You may not do this.',
  interfaces,
})
builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'There is no such thing, or it is not yours: the answer does not tell which.',
  interfaces,
})
builder.objectType(ConflictError, {
  name: 'ConflictError',
  description:
    'Somebody was faster, or this id was used for something else. The first answer stands.',
  interfaces,
})
builder.objectType(NameTakenError, {
  name: 'NameTakenError',
  description: 'The name, or one that looks like it, belongs to somebody.',
  interfaces,
})
builder.objectType(WrongPasswordError, {
  name: 'WrongPasswordError',
  description: 'The name or the password is wrong; which of them is not told.',
  interfaces,
  fields: (t) => ({
    attemptsLeft: t.exposeInt('attemptsLeft', {
      description: 'Tries left, on all servers together, before a wait.',
    }),
  }),
})
builder.objectType(TooManyAttemptsError, {
  name: 'TooManyAttemptsError',
  description:
    'Three wrong passwords: each further try has to wait, longer each time, never for ever.',
  interfaces,
  fields: (t) => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      description: 'Milliseconds until the next try counts.',
    }),
  }),
})
builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'Too many requests, counted on all servers together.',
  interfaces,
  fields: (t) => ({
    retryAfterMs: t.exposeInt('retryAfterMs', { description: 'Milliseconds to wait.' }),
  }),
})
builder.objectType(PayloadTooLargeError, {
  name: 'PayloadTooLargeError',
  description: 'Something was larger than its limit. Nothing was stored.',
  interfaces,
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'The limit, in the unit the message names.' }),
  }),
})
builder.objectType(StaleDeviceListError, {
  name: 'StaleDeviceListError',
  description:
    'The message was sealed for devices that are no longer the current ones. Nothing was stored.',
  interfaces,
  fields: (t) => ({
    username: t.exposeString('username', {
      description: 'The account whose devices have changed.',
    }),
    currentVersion: t.exposeInt('currentVersion', {
      description: 'The version of its device list now.',
    }),
  }),
})
builder.objectType(StaleRosterError, {
  name: 'StaleRosterError',
  description:
    'The roster of the group has a newer version than the one this was made for. Nothing was stored.',
  interfaces,
  fields: (t) => ({
    groupId: t.id({ description: 'The group, a UUID.', resolve: (error) => error.groupId }),
    currentVersion: t.exposeInt('currentVersion', {
      description: 'The version of its roster now: fetch the entries up to it.',
    }),
  }),
})
builder.objectType(StaleAttachmentError, {
  name: 'StaleAttachmentError',
  description: 'The attachment was replaced by a newer one, or never existed.',
  interfaces,
})
builder.objectType(MailboxFullError, {
  name: 'MailboxFullError',
  description: 'No recipient device had room (1,000 messages or 32 MiB). Nothing was stored.',
  interfaces,
  fields: (t) => ({
    deviceIds: t.idList({
      description: 'The devices whose mailboxes are full.',
      resolve: (error) => [...error.deviceIds],
    }),
  }),
})
