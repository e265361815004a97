export { createClient, unwrap, type Client, type ClientOptions } from './client'
export { ApiProblem, Unreachable, type FieldProblem } from './problem'
export type * from './types'
