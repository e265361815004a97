import type { paths } from './schema'

type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never
type Answer<Operation> = Operation extends { responses: infer R }
  ? Json<R extends { 200: infer Ok } ? Ok : R extends { 201: infer Created } ? Created : never>
  : never
type Sent<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : never

export type Account = Answer<paths['/api/auth/me']['get']>
export type Restaurant = Account['restaurants'][number]
export type Registration = Sent<paths['/api/auth/register']['post']>
export type Credentials = Sent<paths['/api/auth/login']['post']>
/** Where a mail is wanted. */
export type MailRequest = Sent<paths['/api/auth/password/forgot']['post']>
/** The secret of a mailed link, with the password it goes with: the account's, or the one to be set. */
export type LinkAndPassword = Sent<paths['/api/auth/email/verify']['post']>

export type Invitation = Answer<paths['/api/team/invitations/show']['post']>
export type Member = Answer<paths['/api/team/members']['get']>['items'][number]
export type PendingInvitation = Answer<paths['/api/team/invitations']['get']>['items'][number]
export type Role = Member['role']
export type OpenSession = Answer<paths['/api/auth/sessions']['get']>['items'][number]

export type Upload = Answer<paths['/api/data/uploads/{upload_id}']['get']>
export type UploadStatus = Upload['status']
export type UploadTicket = Answer<paths['/api/data/uploads']['post']>
export type Report = NonNullable<Upload['report']>
/** What is said of a file, for other languages than the API's own. */
export type Phrase = NonNullable<Report['conclusions'][number]['decided_phrase']>
export type RejectedRow = Answer<paths['/api/data/uploads/{upload_id}/rejected-rows']['get']>['items'][number]

export type Columns = Answer<paths['/api/data/uploads/{upload_id}/columns']['get']>
export type Mapping = Sent<paths['/api/data/uploads/{upload_id}/mapping']['put']>
export type ColumnField = NonNullable<Columns['columns'][number]['proposal']>

export type RestaurantSettings = Answer<paths['/api/restaurants/current']['get']>

export type Summary = Answer<paths['/api/insights/summary']['get']>
export type Sales = Answer<paths['/api/insights/sales']['get']>
export type Comparison = Sales['comparisons'][number]
export type Days = Answer<paths['/api/insights/days']['get']>
export type Hours = Answer<paths['/api/insights/hours']['get']>
export type Items = Answer<paths['/api/insights/items']['get']>
export type Categories = Answer<paths['/api/insights/categories']['get']>
export type SoldOrder = Answer<paths['/api/insights/orders']['get']>['items'][number]
export type SoldLine = Answer<paths['/api/insights/lines']['get']>['items'][number]
