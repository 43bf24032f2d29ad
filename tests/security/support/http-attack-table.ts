import { gzipSync } from 'node:zlib'
import { type Question, query } from './ask.ts'

export const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const nest = (depth: number): string => (depth === 0 ? 'name' : `next { ${nest(depth - 1)} }`)

export interface Attack {
  readonly name: string
  readonly question: Question
  readonly status: number
  readonly code?: string
  /** True for what the libraries refuse by themselves: then the twin shows nothing. */
  readonly twinHolds?: boolean
}

/** The identifiers are those of the table of attacks that the server is built against. */
export const attacks: readonly Attack[] = [
  {
    name: 'G01 a field under 101 aliases',
    question: query(`{ ${repeat(101, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G01 a field under 1,000 aliases',
    question: query(`{ ${repeat(1000, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G01 nine aliases hidden in a fragment',
    question: query(`{ ...F } fragment F on Query { ${repeat(9, (i) => `a${i}: hello`)} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G02 ten requests in one array',
    question: { body: JSON.stringify(Array(10).fill({ query: 'mutation { bump }' })) },
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G03 a query by GET',
    question: { method: 'GET', path: '/graphql?query=%7Bhello%7D' },
    status: 405,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G03 a mutation by GET',
    question: { method: 'GET', path: '/graphql?query=mutation%7Bbump%7D' },
    status: 405,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G04 a mutation as a form',
    question: {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=mutation%7Bbump%7D',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G04 a mutation as application/graphql',
    question: { headers: { 'content-type': 'application/graphql' }, body: 'mutation { bump }' },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G04 a mutation as multipart',
    question: {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation{bump}"}\r\n--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G05 a mutation as text/plain',
    question: { headers: { 'content-type': 'text/plain' }, body: '{"query":"mutation{bump}"}' },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G05 a type that only begins like JSON',
    question: {
      headers: { 'content-type': 'application/jsonp' },
      body: '{"query":"mutation{bump}"}',
    },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G06 introspection',
    question: query('{ __schema { types { name fields { name } } } }'),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G06 introspection of one type, in a fragment',
    question: query('{ ...F } fragment F on Query { __type(name: "Query") { fields { name } } }'),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G07 a page to try things on',
    question: { method: 'GET', headers: { accept: 'text/html' } },
    status: 405,
  },
  {
    name: 'G10 200 fields deep',
    question: query(`{ item { ${nest(200)} } }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G10 20 deep through fragments',
    question: query(
      `{ item { ...F0 } } ${repeat(20, (i) => `fragment F${i} on Item { next { ${i === 19 ? 'name' : `...F${i + 1}`} } }`)}`,
    ),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G10 fragments in a circle',
    question: query(
      '{ item { ...A } } fragment A on Item { next { ...B } } fragment B on Item { next { ...A } }',
    ),
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G10 a small text that unfolds into 2^10 fields',
    question: query(
      `{ item { ...F0 } } ${repeat(10, (i) => `fragment F${i} on Item { ${i === 9 ? 'name' : `next { ...F${i + 1} } next { ...F${i + 1} }`} }`)}`,
    ),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 one field 5,000 times',
    question: query(`{ ${repeat(5000, () => 'hello')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 one field 101 times',
    question: query(`{ ${repeat(101, () => 'hello')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G11 two operations in one document',
    question: {
      body: JSON.stringify({ query: 'query A { hello } mutation B { bump }', operationName: 'B' }),
    },
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'G12 500 directives',
    question: query(`{ ${repeat(60, () => 'hello @include(if: true)')} }`),
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'G15 a body of 2 MB',
    question: query(`{ hello } # ${'x'.repeat(2_000_000)}`),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  },
  {
    name: 'G15 a compressed body',
    question: { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"query":"{hello}"}') },
    status: 415,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G16 a request of a page elsewhere',
    question: { ...query('mutation { bump }'), headers: { origin: 'https://evil.example' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G16 a request of a sandboxed page',
    question: { ...query('mutation { bump }'), headers: { origin: 'null' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G16 a request of a page with a name that only ends like ours',
    question: { ...query('mutation { bump }'), headers: { origin: 'https://chat.example.evil' } },
    status: 403,
    code: 'FORBIDDEN',
  },
  {
    name: 'G19 a number beyond 32 bits',
    question: query('query Q($n: Int) { echo(number: $n) }', { n: 2 ** 53 }),
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'G20 a parameter that nobody asked for',
    question: { body: '{"query":"{hello}","isAdmin":true}' },
    status: 400,
    code: 'BAD_USER_INPUT',
    twinHolds: true,
  },
  {
    name: 'A08 a token that is none',
    question: { ...query('{ hello }'), headers: { authorization: 'Bearer nonsense' } },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  {
    name: 'A08 a scheme that is not Bearer',
    question: { ...query('{ hello }'), headers: { authorization: 'Basic YWxpY2U6cGFzcw==' } },
    status: 401,
    code: 'UNAUTHENTICATED',
  },
]
