/** The only file that reads the environment. All of it concerns development and tests: the built site needs none. */
export const env = {
  /** Where `next dev` finds the API. */
  apiPort: process.env.FLUX_API_PORT ?? '8001',
  /** Where the browser tests find the running product. */
  url: process.env.FLUX_URL ?? 'http://127.0.0.1:8000',
  /** A Chromium for the browser tests, where it is not in a usual place. */
  chromiumPath: process.env.CHROMIUM_PATH,
  /** Whether the browser tests write the pictures of the documentation. */
  isWritingPictures: process.env.FLUX_WRITE_PICTURES === '1',
  /** Whether the built site holds the pages of development too, in a folder of its own. */
  isGallery: process.env.FLUX_GALLERY === '1',
  isCi: Boolean(process.env.CI),
}
