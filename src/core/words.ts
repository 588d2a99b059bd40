/**
 * A fixed list of 256 short English words.
 *
 * Each is a single token of the o200k and cl100k encodings, alone and after a space, so that a line of
 * `l - 1` of them and a line break is a text of exactly `l` tokens (a test checks this).
 */
export const words: readonly string[] = `
  that this from return your have will class public more part they self time over about work else
  also some data private when other year like name need just been true there them real what value
  false type were into make list than first back start only form look best under most find person
  help people want long final read test every should know well right very these product case good
  down where post high after even file mark many much could while said used number event here play
  print item last program word text current great sign because home such free before process take
  child view break size show model using design check world week book think again system call
  point being made place open found support create super line order service develop method custom
  state next life request those follow care same local site main default game object direct fact
  around rest between market term still plus without month both going project page report build
  love client come color cost second content path port full access effect company message stand
  head feel level team health sure field things small table protect always present change range
  during keep little three water better room website link power index school hard code catch plan
  double success within date account left group might element control special provide count total
  base another image area body give kind search social contact record email action able allow
  address looking never target bool title context video grow sent boolean options money price
`
  .trim()
  .split(/\s+/);
