mock_provider "aws" {
  source = "./tests"
}

variables {
  environment                 = "prod"
  vpc_id                      = "vpc-0123456789abcdef0"
  endpoints_security_group_id = "sg-0e0e0e0e0e0e0e0e0"
  s3_prefix_list_id           = "pl-6ea54007"
  app_data_bucket_arn         = "arn:aws:s3:::flux-prod-app-data"
  uploads_prefix              = "uploads/"
  redis_url_secret_arn        = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/redis-url-AbCdEf"
  admin_secret_arn            = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c-AbCdEf"
  dead_letter_queue_arn       = "arn:aws:sqs:eu-central-1:111122223333:flux-prod-ingest-dead"
  mail_identity_arn           = "arn:aws:ses:eu-central-1:111122223333:identity/example.com"
  mail_from_address           = "no-reply@example.com"
  permissions_boundary_arn    = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload"
}

override_resource {
  target = aws_kms_key.data
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/data", key_id = "data" }
}

override_resource {
  target = aws_kms_key.logs
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/logs", key_id = "logs" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/app"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/owner"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["jwt-keys"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/jwt-keys-AbCdEf" }
}

override_resource {
  target = aws_security_group.this["lambda"]
  values = { id = "sg-0a0a0a0a0a0a0a0a0" }
}

override_resource {
  target = aws_security_group.this["database"]
  values = { id = "sg-0d0d0d0d0d0d0d0d0" }
}

override_resource {
  target = aws_security_group.this["cache"]
  values = { id = "sg-0c0c0c0c0c0c0c0c0" }
}

run "keys_turn_each_year_and_can_be_had_back" {
  assert {
    condition     = alltrue([for key in [aws_kms_key.data, aws_kms_key.logs] : key.enable_key_rotation && key.rotation_period_in_days == 365])
    error_message = "A key is never changed."
  }

  assert {
    condition     = alltrue([for key in [aws_kms_key.data, aws_kms_key.logs] : key.deletion_window_in_days == 30]) && alltrue([for secret in aws_secretsmanager_secret.this : secret.recovery_window_in_days == 30])
    error_message = "Production has less than 30 days to take a deletion back."
  }
}

run "staging_and_dev_forget_deleted_keys_after_a_week" {
  variables {
    environment = "staging"
  }

  assert {
    condition     = alltrue([for key in [aws_kms_key.data, aws_kms_key.logs] : key.deletion_window_in_days == 7]) && alltrue([for secret in aws_secretsmanager_secret.this : secret.recovery_window_in_days == 7])
    error_message = "Staging pays for deleted keys for longer than a week, or has no time to take a deletion back."
  }
}

run "dev_has_keys_and_secrets_of_its_own" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = aws_kms_alias.data.name == "alias/flux-dev-data" && aws_kms_alias.logs.name == "alias/flux-dev-logs" && alltrue([for secret in aws_secretsmanager_secret.this : startswith(secret.name, "flux-dev/")])
    error_message = "Names do not say whose they are, so that two environments of one account collide."
  }

  assert {
    condition     = alltrue([for key in [aws_kms_key.data, aws_kms_key.logs] : key.deletion_window_in_days == 7])
    error_message = "Dev pays for deleted keys for longer than a week."
  }

  assert {
    condition     = output.function_names == { api = "flux-dev-api", ingest = "flux-dev-ingest", mail = "flux-dev-mail", migrate = "flux-dev-migrate", sweep = "flux-dev-sweep" }
    error_message = "The Lambdas' names do not say whose they are."
  }
}

run "the_data_key_belongs_to_this_account_and_to_no_service" {
  assert {
    condition     = [for s in jsondecode(aws_kms_key.data.policy).Statement : s.Principal] == [{ AWS = "arn:aws:iam::111122223333:root" }]
    error_message = "Somebody outside this account's IAM may use the key of the owners' data."
  }
}

run "the_logs_key_serves_this_environments_logs_and_alarms" {
  assert {
    condition     = [for s in jsondecode(aws_kms_key.logs.policy).Statement : values(s.Principal)[0]] == ["arn:aws:iam::111122223333:root", "logs.eu-central-1.amazonaws.com", "cloudwatch.amazonaws.com"]
    error_message = "The key for logs is open to others than logs and alarms."
  }

  assert {
    condition = flatten([for s in jsondecode(aws_kms_key.logs.policy).Statement : try(s.Condition.ArnLike["kms:EncryptionContext:aws:logs:arn"], "any") if s.Sid == "LogsOfThisEnvironment"]) == [
      "arn:aws:logs:eu-central-1:111122223333:log-group:/flux/prod/*",
      "arn:aws:logs:eu-central-1:111122223333:log-group:*flux-prod*",
    ]
    error_message = "The key for logs serves log groups of other environments."
  }

  assert {
    condition     = [for s in jsondecode(aws_kms_key.logs.policy).Statement : try(s.Condition.StringEquals["aws:SourceAccount"], "any") if s.Sid == "AlarmsReachAnEncryptedTopic"] == ["111122223333"]
    error_message = "Alarms of other accounts may use the key."
  }
}

run "secrets_are_encrypted_with_our_key" {
  assert {
    condition     = keys(aws_secretsmanager_secret.this) == ["database/app", "database/owner", "jwt-keys"] && alltrue([for secret in aws_secretsmanager_secret.this : secret.kms_key_id == aws_kms_key.data.arn])
    error_message = "A secret is missing, or under Amazon's key, which every role of the account may use."
  }
}

run "no_secret_is_in_the_state" {
  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : length(regexall("secret_string|secret_binary|aws_secretsmanager_secret_version|random_password|tls_private_key", file("${path.module}/${f}"))) == 0])
    error_message = "Terraform handles a secret's value, so it could get into a plan or the state."
  }

  assert {
    condition     = alltrue([for arn in values(output.secret_arns) : startswith(arn, "arn:aws:secretsmanager:")]) && keys(output.secret_arns) == ["app", "jwt_keys", "owner"]
    error_message = "An output is something else than the name of a secret."
  }
}
