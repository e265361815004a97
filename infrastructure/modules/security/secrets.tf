# Only the places of secrets. Their values are put there by people (README.md says how), so no plan and no state
# ever holds one.

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:people change them, as README.md says: a key that signs needs the old one beside it, a password has to be told to the server, by migrate
  for_each = {
    "database/app"   = "Password of flux_app, as JSON with username and password"
    "database/owner" = "Password of flux_owner, as JSON with username and password"
    "jwt-keys"       = "FLUX_JWT_KEYS: JSON from key id to key; the first signs, all are accepted"
  }

  name                    = "${local.name}/${each.key}"
  description             = each.value
  kms_key_id              = aws_kms_key.data.arn
  recovery_window_in_days = local.grace_days
}
