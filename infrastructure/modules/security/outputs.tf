output "kms_key_arn" {
  description = "Key for the database, uploads, secrets and queues."
  value       = aws_kms_key.data.arn
}

output "logs_kms_key_arn" {
  description = "Key for log groups and the alarms' topic."
  value       = aws_kms_key.logs.arn
}

output "lambda_security_group_id" {
  description = "Group of all Lambdas."
  value       = aws_security_group.this["lambda"].id
}

output "database_security_group_id" {
  description = "Group of what clients reach the database by; security_group_id of the database module."
  value       = aws_security_group.this["database"].id
}

output "cache_security_group_id" {
  description = "Group of the cache."
  value       = aws_security_group.this["cache"].id
}

output "operator_security_group_id" {
  description = "Group that a person's CloudShell wears beside the Lambdas', to reach the database and the packages. Nothing else wears it."
  value       = aws_security_group.this["operator"].id
}

output "function_names" {
  description = "The names that the Lambdas must have (api, ingest, mail, migrate, sweep): their roles and log groups go by them."
  value       = local.function_names
}

output "lambda_role_arns" {
  description = "Role of each Lambda."
  value       = { for function, role in aws_iam_role.this : function => role.arn }

  # Lambda refuses a function in a VPC, or with a dead-letter queue, whose role has not yet the rights for it.
  depends_on = [aws_iam_role_policy.this]
}

output "secret_arns" {
  description = "Where the secrets are: app and owner (database), jwt_keys."
  value = {
    app      = local.secret["database/app"]
    owner    = local.secret["database/owner"]
    jwt_keys = local.secret["jwt-keys"]
  }
}
