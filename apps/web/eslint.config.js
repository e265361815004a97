import { next } from '@flux/config/eslint/next'

export default next(import.meta.dirname)
