import { react } from '@flux/config/eslint/react'

export default react(import.meta.dirname)
