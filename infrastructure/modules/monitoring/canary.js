// What people would see: the first page and, behind it, the database and the cache. Throwing makes the run a failure.

async function get(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  const body = await answer.text()
  if (answer.status !== 200) throw new Error(`${url} was answered by ${answer.status}`)
  return body
}

exports.handler = async () => {
  const url = process.env.WEB_URL
  const page = await get(`${url}/`)
  if (!page.includes('</html>')) throw new Error(`${url}/ is no whole page`)
  const health = JSON.parse(await get(`${url}/api/health`))
  if (health.status !== 'ok') throw new Error(`Flux says that it is ${health.status}`)
}
