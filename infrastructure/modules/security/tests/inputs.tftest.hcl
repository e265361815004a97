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

run "wrong_inputs_are_refused_with_a_sentence" {
  command = plan

  variables {
    environment                 = "production"
    vpc_id                      = "flux"
    endpoints_security_group_id = "default"
    s3_prefix_list_id           = "0.0.0.0/0"
    app_data_bucket_arn         = "arn:aws:s3:::*"
    uploads_prefix              = ""
    redis_url_secret_arn        = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*"
    admin_secret_arn            = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!*"
    dead_letter_queue_arn       = "arn:aws:sqs:eu-central-1:111122223333:*"
    mail_identity_arn           = "arn:aws:ses:eu-central-1:111122223333:identity/*"
    mail_from_address           = "Flux <no-reply@example.com>"
    permissions_boundary_arn    = "boundary"
  }

  expect_failures = [
    var.environment, var.vpc_id, var.endpoints_security_group_id, var.s3_prefix_list_id, var.app_data_bucket_arn, var.uploads_prefix,
    var.redis_url_secret_arn, var.admin_secret_arn, var.dead_letter_queue_arn, var.mail_identity_arn, var.mail_from_address, var.permissions_boundary_arn,
  ]
}
