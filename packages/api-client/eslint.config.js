import { base } from '@flux/config/eslint/base'

export default base(import.meta.dirname)
